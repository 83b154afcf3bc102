import type { IdentityEvents } from '@tessera/contracts/events/identity'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'
import { withdrawOfMember } from './withdraw-invitations.ts'

type RemoveOutcome = { kind: 'removed' } | { kind: 'not-found' } | { kind: 'last-organizer' }

const sql = loadSql(import.meta.url, ['lock_organization', 'is_member', 'count_other_organizers', 'delete_member'])
const publish = publisher<IdentityEvents>()

/**
 * Removes a member from a team, with the open invitations by them and to them. An organization always keeps an
 * organizer for all its events.
 */
export async function removeMember(
  tx: Tx,
  input: { organization_id: string; user_id: string },
): Promise<RemoveOutcome> {
  await tx.maybe(sql.lock_organization, { organization_id: input.organization_id })
  if ((await tx.maybe(sql.is_member, input)) === undefined) return { kind: 'not-found' }
  const { organizers } = await tx.one<{ organizers: number }>(sql.count_other_organizers, input)
  if (organizers === 0) return { kind: 'last-organizer' }
  await tx.none(sql.delete_member, input)
  await withdrawOfMember(tx, { ...input, made_too: true, except_id: null })
  await publish(tx, 'identity.member_removed', input.organization_id, input)
  return { kind: 'removed' }
}
