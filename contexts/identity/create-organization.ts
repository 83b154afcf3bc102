import type { IdentityEvents } from '@tessera/contracts/events/identity'
import { newId } from '@tessera/contracts/ids'
import { normaliseName } from '@tessera/contracts/person-name'
import type { FieldError } from '@tessera/contracts/problems'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'

type CreateOrganizationOutcome =
  | { kind: 'created'; organization_id: string; name: string; created_at: string }
  | { kind: 'invalid-input'; errors: FieldError[] }
  | { kind: 'limit-exceeded'; organizations_max: number }

/** Organizations that one person may found. */
const ORGANIZATIONS_MAX = 50

const sql = loadSql(import.meta.url, ['lock_creator', 'count_created', 'insert_organization', 'insert_organizer'])
const publish = publisher<IdentityEvents>()

/** Creates an organization, `approved` or awaiting an admin's approval; its founder becomes its first organizer. */
export async function createOrganization(
  tx: Tx,
  input: { user_id: string; name: string; approved: boolean },
): Promise<CreateOrganizationOutcome> {
  const name = normaliseName(input.name)
  if (name === undefined || name === '') {
    const detail = name === '' ? 'must not be blank' : 'holds characters that no name has'
    return { kind: 'invalid-input', errors: [{ pointer: '/name', detail }] }
  }
  const { user_id, approved } = input
  await tx.one(sql.lock_creator, { user_id })
  const { organizations } = await tx.one<{ organizations: number }>(sql.count_created, { user_id })
  if (organizations >= ORGANIZATIONS_MAX) return { kind: 'limit-exceeded', organizations_max: ORGANIZATIONS_MAX }
  const organization_id = newId('org')
  const { created_at } = await tx.one<{ created_at: string }>(sql.insert_organization, {
    organization_id,
    name,
    user_id,
    approved,
  })
  await tx.none(sql.insert_organizer, { organization_id, user_id })
  await publish(tx, 'identity.member_added', organization_id, {
    organization_id,
    user_id,
    role: 'organizer',
    event_ids: null,
  })
  return { kind: 'created', organization_id, name, created_at }
}
