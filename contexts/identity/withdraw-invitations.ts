import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['withdraw_of_member', 'lock_organization', 'withdraw_one'])

/**
 * Deletes open invitations that a changed or ended membership invalidates: those to this person, and with `made_too`
 * those by them. The caller holds the organization's lock. `except_id`: the one being accepted.
 */
export async function withdrawOfMember(
  tx: Tx,
  input: { organization_id: string; user_id: string; made_too: boolean; except_id: string | null },
): Promise<void> {
  await tx.none(sql.withdraw_of_member, input)
}

/** Withdraws an open invitation: its link becomes invalid. */
export async function withdrawInvitation(
  tx: Tx,
  input: { organization_id: string; invitation_id: string },
): Promise<{ kind: 'withdrawn' } | { kind: 'not-found' }> {
  await tx.maybe(sql.lock_organization, { organization_id: input.organization_id })
  return (await tx.maybe(sql.withdraw_one, input)) === undefined ? { kind: 'not-found' } : { kind: 'withdrawn' }
}
