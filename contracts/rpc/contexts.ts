import type { BookingRpc } from './booking.ts'
import type { CatalogRpc } from './catalog.ts'
import type { CheckinRpc } from './checkin.ts'
import type { IdentityRpc } from './identity.ts'
import type { PaymentRpc } from './payment.ts'
import type { TicketingRpc } from './ticketing.ts'

/** Every question or command that one context may put to another, by the context that answers. */
export type ContextRpc = {
  identity: IdentityRpc
  catalog: CatalogRpc
  booking: BookingRpc
  payment: PaymentRpc
  ticketing: TicketingRpc
  checkin: CheckinRpc
}
