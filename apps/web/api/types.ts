import type { BookingSummary as BookingSummarySchema, CancelledBooking } from '@tessera/contracts/http/booking'
import type { MeBody } from '@tessera/contracts/http/identity'
import type { Availability } from '@tessera/contracts/http/realtime'
import type { Money } from '@tessera/contracts/money'
import type { Static } from 'typebox'

/** Bodies of the API as the web app reads them. */
export type { Booking, HeldBooking } from '@tessera/contracts/http/booking'
export type {
  Event,
  EventHead,
  EventListItem,
  Performance,
  PerformanceDetail,
  Tier,
  Venue,
} from '@tessera/contracts/http/catalog'
export type { Checkin, DoorState } from '@tessera/contracts/http/checkin'
export type { CreateIntentResponse as PaymentIntent, PaymentResponse as Payment } from '@tessera/contracts/http/payment'
export type { EventSales } from '@tessera/contracts/http/sales'
export type { Ticket } from '@tessera/contracts/http/ticketing'
export type { Availability, Money }
export type Page<T> = { items: T[]; next_cursor: string | null }
export type RefundStep = { hours_before: number; percent: number }
export type User = Static<typeof MeBody>
export type Cancellation = Static<typeof CancelledBooking>
export type BookingSummary = Static<typeof BookingSummarySchema>

export type TierAvailability = Availability['performances'][number]['tiers'][number]

export type Integrity = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }
