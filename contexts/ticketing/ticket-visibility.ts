import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { Access, Principal } from '#platform/auth'

export type VisibilityDeps = { access: Access<Permission>; booking: Pick<BookingRpc, 'order_link_fits'> }

/** The reader: a signed-in principal, the bearer of an order link, both or neither. */
export type Reader = { principal: Principal | null; order_token: string | null }

/**
 * `holder` sees everything including the code; `organization` all but the code; for `none` the ticket does not exist.
 */
export type Visibility = 'holder' | 'organization' | 'none'

type Ownership = { user_id: string; booking_id: string; organization_id: string; event_id: string }

/** The part of a ticket that this reader may see. */
export async function ticketVisibility(deps: VisibilityDeps, reader: Reader, ticket: Ownership): Promise<Visibility> {
  const { principal, order_token } = reader
  if (principal !== null && principal.user_id === ticket.user_id) return 'holder'
  const { booking_id } = ticket
  if (order_token !== null && (await deps.booking.order_link_fits({ booking_id, token: order_token }))) return 'holder'
  if (principal === null) return 'none'
  return (await deps.access.mayIn(principal, 'checkins:read', ticket)) ? 'organization' : 'none'
}
