import type { IdentityEvents } from '@tessera/contracts/events/identity'
import type { MemberBody } from '@tessera/contracts/http/identity'
import type { OrganizationRole } from '@tessera/contracts/permissions'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'
import { normaliseEmail } from './email.ts'
import { withdrawOfMember } from './withdraw-invitations.ts'

type AddMemberInput = {
  organization_id: string
  email: string
  role: OrganizationRole
  /** Null: all events of the organization. */
  event_ids: readonly string[] | null
  /** The invitation that is being accepted. */
  accepting?: string
  /** Changes the right of existing members only: `no-account` for everybody else. */
  members_only?: boolean
}

export type AddMemberOutcome =
  | { kind: 'added'; member: MemberBody }
  | { kind: 'changed'; member: MemberBody }
  | { kind: 'not-found' }
  | { kind: 'no-account' }
  | { kind: 'limit-exceeded'; members_max: number }
  | { kind: 'last-organizer' }

type PersonRow = Pick<MemberBody, 'user_id' | 'email' | 'first_name' | 'last_name'>

/** People in one organization's team. */
const MEMBERS_MAX = 1_000

const sql = loadSql(import.meta.url, ['lock_organization', 'find_person', 'find_member', 'count_others', 'put_member'])
const publish = publisher<IdentityEvents>()

/**
 * Gives an account a right in an organization, or changes it. An organization always keeps an organizer for all its
 * events. Deletes open invitations to this person, and those by them when they may no longer invite.
 */
export async function addMember(tx: Tx, input: AddMemberInput): Promise<AddMemberOutcome> {
  const { organization_id, role } = input
  const event_ids = input.event_ids === null ? null : [...new Set(input.event_ids)]
  const organization = await tx.maybe(sql.lock_organization, { organization_id })
  if (organization === undefined) return { kind: 'not-found' }
  const email = normaliseEmail(input.email) ?? null
  const person = input.members_only
    ? await tx.maybe<PersonRow>(sql.find_member, { email, organization_id })
    : await tx.maybe<PersonRow>(sql.find_person, { email })
  if (person === undefined) return { kind: 'no-account' }
  const { user_id } = person
  const others = await tx.one<{ members: number; organizers: number }>(sql.count_others, { organization_id, user_id })
  if (others.members >= MEMBERS_MAX) return { kind: 'limit-exceeded', members_max: MEMBERS_MAX }
  const remains = role === 'organizer' && event_ids === null
  if (!remains && others.organizers === 0) return { kind: 'last-organizer' }
  const row = await tx.one<{ created_at: string; added: boolean }>(sql.put_member, {
    organization_id,
    user_id,
    role,
    event_ids,
  })
  await withdrawOfMember(tx, { organization_id, user_id, made_too: !remains, except_id: input.accepting ?? null })
  await publish(tx, 'identity.member_added', organization_id, { organization_id, user_id, role, event_ids })
  const member = { ...person, role, event_ids, created_at: row.created_at }
  return { kind: row.added ? 'added' : 'changed', member }
}
