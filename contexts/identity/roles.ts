import type { GlobalRole } from '@tessera/contracts/permissions'

/** The roles in an account's token. An admin is an attendee too. */
export function rolesOf(role: GlobalRole): GlobalRole[] {
  return role === 'admin' ? ['attendee', 'admin'] : [role]
}
