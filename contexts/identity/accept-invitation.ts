import type { OrganizationRole } from '@tessera/contracts/permissions'
import { loadSql, type Tx } from '#platform/db'
import { addMember } from './add-member.ts'
import { tokenHash } from './tokens.ts'

type AcceptOutcome =
  | { kind: 'accepted'; organization_id: string; role: OrganizationRole; event_ids: string[] | null }
  | { kind: 'not-found' }
  | { kind: 'limit-exceeded'; members_max: number }
  | { kind: 'last-organizer' }

type InvitationRow = {
  invitation_id: string
  organization_id: string
  role: OrganizationRole
  event_ids: string[] | null
  email: string
  accepted_by: string | null
}

const sql = loadSql(import.meta.url, ['lock_organization', 'find_invitation', 'accept'])

/**
 * Accepts a right that was offered to this person's own address, once; repeating returns the same answer. `not-found`
 * does not distinguish an invitation to another address, an expired or withdrawn one, one whose inviter may no longer
 * invite, and one that never existed.
 */
export async function acceptInvitation(tx: Tx, input: { token: string; user_id: string }): Promise<AcceptOutcome> {
  const { token, user_id } = input
  const token_hash = tokenHash(token)
  await tx.maybe(sql.lock_organization, { token_hash })
  const row = await tx.maybe<InvitationRow>(sql.find_invitation, { token_hash, user_id })
  if (row === undefined) return { kind: 'not-found' }
  const { invitation_id, organization_id, email, role, event_ids } = row
  const accepted = { kind: 'accepted', organization_id, role, event_ids } as const
  if (row.accepted_by !== null) return accepted
  const outcome = await addMember(tx, { organization_id, email, role, event_ids, accepting: invitation_id })
  switch (outcome.kind) {
    case 'added':
    case 'changed':
      await tx.none(sql.accept, { invitation_id, user_id })
      return accepted
    case 'not-found':
    case 'no-account':
      return { kind: 'not-found' }
    case 'limit-exceeded':
    case 'last-organizer':
      return outcome
  }
}
