import type { GlobalRole } from '@tessera/contracts/permissions'

/** The roles that an account's token carries. An admin is an attendee too. */
export function rolesOf(role: GlobalRole): GlobalRole[] {
  return role === 'admin' ? ['attendee', 'admin'] : [role]
}
