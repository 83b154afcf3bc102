import type { Money } from '../money.ts'

/** The general-admission quantity of one tier. */
export type GaQuantity = { tier_id: string; quantity: number }

/** What one booking takes or gives back: seat numbers of the performance’s chart with their tiers, and general-admission quantities (`places`). */
export type Taken = { booking_id: string; seats: number[]; seat_tiers: string[]; places: GaQuantity[] }

export type LineItem = {
  seat_id: string | null
  seat_no: number | null
  label: string
  tier_id: string
  tier_name: string
  quantity: number
  price: Money
}

/** Booking knows the performance and sells it from now on. */
export type PerformanceOpened = { performance_id: string; event_id: string; revision: number }

/** The holds one batch won, all of one performance. */
export type Held = { performance_id: string; expires_at: string; bookings: Taken[] }

/** Holds given back by their owner (`released`) or by time (`expired`); `seats` are only those really freed. */
export type Freed = { performance_id: string; bookings: Taken[] }

export type Confirmed = {
  booking_id: string
  performance_id: string
  event_id: string
  organization_id: string
  user_id: string
  payment_id: string | null
  holder: { first_name: string; last_name: string; email: string } | null
  seats: number[]
  seat_tiers: string[]
  places: GaQuantity[]
  line_items: LineItem[]
  total: Money
  /** Its end had been announced before: a late payment took free seats and quantities again. */
  retaken: boolean
}

export type Cancelled = {
  booking_id: string
  performance_id: string
  event_id: string
  user_id: string
  cancellation_id: string
  reason: 'buyer' | 'event-cancelled'
  refund_percent: number
  seats: number[]
  seat_tiers: string[]
  places: GaQuantity[]
}

export type SeatsBlocked = {
  performance_id: string
  block_id: string
  seats: number[]
  places: GaQuantity[]
}

/** A guest signed in: these bookings are the account's from now on. */
export type OwnerChanged = { performance_id: string; booking_ids: string[]; user_id: string }

/** Every booking event is keyed by its performance, so that seat states follow in order. */
export type BookingEvents = {
  'booking.performance_opened': PerformanceOpened
  'booking.held': Held
  'booking.released': Freed
  'booking.expired': Freed
  'booking.confirmed': Confirmed
  'booking.cancelled': Cancelled
  'booking.seats_blocked': SeatsBlocked
  'booking.seats_unblocked': SeatsBlocked
  'booking.owner_changed': OwnerChanged
}
