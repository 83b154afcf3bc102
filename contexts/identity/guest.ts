import type { IdentityEvents } from '@tessera/contracts/events/identity'
import { newId } from '@tessera/contracts/ids'
import { publisher } from '#platform/bus'
import { type Db, loadSql } from '#platform/db'
import { sourcesOf } from '#platform/http'
import { takeQuota } from './quota.ts'
import { type Client, type OpenedSession, openSession } from './session.ts'

type Deps = { db: Db; source_quotas: boolean }

type GuestOutcome =
  | ({ kind: 'welcomed'; user_id: string } & OpenedSession)
  | { kind: 'too-many-requests'; retry_after_s: number }

const sql = loadSql(import.meta.url, ['insert_guest'])
const publish = publisher<IdentityEvents>()

/** Begins a session without a name: a guest may hold seats and buy them. */
export async function welcomeGuest(deps: Deps, input: { client: Client; as_of?: string }): Promise<GuestOutcome> {
  const as_of = input.as_of ?? null
  if (deps.source_quotas) {
    const wait_s = await takeQuota(deps.db, { sources: sourcesOf(input.client.ip), action: 'guest', as_of })
    if (wait_s !== null) return { kind: 'too-many-requests', retry_after_s: wait_s }
  }
  const user_id = newId('usr')
  return deps.db.transaction(async (tx): Promise<GuestOutcome> => {
    await tx.none(sql.insert_guest, { user_id })
    const session = await openSession(tx, { user_id, client: input.client, as_of })
    await publish(tx, 'identity.user_registered', user_id, { user_id, guest: true })
    return { kind: 'welcomed', user_id, ...session }
  })
}
