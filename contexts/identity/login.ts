import type { Passwords } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import { sourcesOf } from '#platform/http'
import { announceAdoption } from './adopt-guest.ts'
import { normaliseEmail } from './email.ts'
import { type Client, type OpenedSession, openSession, rememberDevice } from './session.ts'
import { type Attempt, attemptOf, forgetFailures, recordFailure, waitOf } from './throttle.ts'
import { tokenHash } from './tokens.ts'

type Deps = { db: Db; passwords: Passwords }

type LoginInput = {
  email: string
  password: string
  /** From an earlier log-in of this device: lets the owner in while others have to wait. */
  device_token: string | null
  /** The guest session whose bookings are adopted. */
  guest_id: string | null
  client: Client
  as_of?: string
}

type LoginOutcome =
  | ({ kind: 'signed-in'; user_id: string; device_token: string } & OpenedSession)
  | { kind: 'too-many-attempts'; retry_after_s: number }
  | { kind: 'unavailable' }
  | { kind: 'wrong-credentials' }

type Account = { user_id: string; password_hash: string | null; device_known: boolean }

const sql = loadSql(import.meta.url, ['find_account', 'upgrade_hash'])

/**
 * Signs in by e-mail and password. An address without an account takes the same path and time and gets the same answers
 * as an existing one.
 */
export async function login(deps: Deps, input: LoginInput): Promise<LoginOutcome> {
  const as_of = input.as_of ?? null
  const email = normaliseEmail(input.email) ?? null
  const device_hash = tokenHash(input.device_token ?? '')
  const account = await deps.db.maybe<Account>(sql.find_account, { email, device_hash, as_of })
  const device = account?.device_known === true ? input.device_token : null
  const sources = sourcesOf(input.client.ip)
  const device_source = `device:${device_hash.toString('base64url')}`
  const attempt = attemptOf({
    account: tokenHash(email ?? input.email),
    device: device === null ? null : device_source,
    sources,
    as_of,
  })

  const wait_s = await waitOf(deps.db, attempt)
  if (wait_s > 0) return { kind: 'too-many-attempts', retry_after_s: wait_s }

  const queued_for = device === null ? sources : [{ source: device_source, quotas: 1 }]
  const check = await deps.passwords.verify(input.password, account?.password_hash ?? null, queued_for)
  if (check === 'saturated') return { kind: 'unavailable' }
  if (check === 'wrong' || account === undefined) return refuse(deps.db, attempt)
  const new_hash = check === 'outdated' ? await deps.passwords.hash(input.password) : null
  return admit(deps.db, { account, new_hash, device, attempt, guest_id: input.guest_id, client: input.client })
}

async function refuse(db: Db, attempt: Attempt): Promise<LoginOutcome> {
  if ((await recordFailure(db, attempt)) === 'counted') return { kind: 'wrong-credentials' }
  return overtaken(db, attempt)
}

/** Concurrent guesses used up the limit of its source or account while this one was being checked. */
async function overtaken(db: Db, attempt: Attempt): Promise<LoginOutcome> {
  return { kind: 'too-many-attempts', retry_after_s: Math.max(1, await waitOf(db, attempt)) }
}

type Admission = {
  account: Account
  new_hash: string | null
  device: string | null
  attempt: Attempt
  guest_id: string | null
  client: Client
}

async function admit(
  db: Db,
  { account, new_hash, device, attempt, guest_id, client }: Admission,
): Promise<LoginOutcome> {
  const { user_id, password_hash } = account
  const as_of = attempt.as_of
  const outcome = await db.transaction(async (tx): Promise<LoginOutcome | null> => {
    if (!(await forgetFailures(tx, attempt))) return null
    if (new_hash !== null)
      await tx.none(sql.upgrade_hash, { user_id, password_hash: new_hash, old_hash: password_hash })
    const session = await openSession(tx, { user_id, client, as_of })
    const device_token = await rememberDevice(tx, { user_id, known_token: device, as_of })
    await announceAdoption(tx, guest_id, user_id)
    return { kind: 'signed-in', user_id, device_token, ...session }
  })
  return outcome ?? overtaken(db, attempt)
}
