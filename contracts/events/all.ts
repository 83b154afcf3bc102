import type { BookingEvents } from './booking.ts'
import type { CatalogEvents } from './catalog.ts'
import type { CheckinEvents } from './checkin.ts'
import type { IdentityEvents } from './identity.ts'
import type { PaymentEvents } from './payment.ts'
import type { TicketingEvents } from './ticketing.ts'

/** Every durable event of the product: topic → payload. */
export type DomainEvents = BookingEvents &
  CatalogEvents &
  CheckinEvents &
  IdentityEvents &
  PaymentEvents &
  TicketingEvents
export type Topic = keyof DomainEvents
