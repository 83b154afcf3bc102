import type { Booking } from '../../api/bodies.ts'

/** What a buyer who comes back from the card page is told. */
export type Waiting =
  | { kind: 'confirmed' }
  | { kind: 'working' }
  | { kind: 'declined' }
  | { kind: 'unpaid' }
  | { kind: 'expired' }
  | { kind: 'refunded' }
  | { kind: 'cancelled' }

/**
 * Order: a confirmed booking is the end; money that went back is told before anything else about a booking that was not
 * confirmed (a late payment whose seats were gone); then expiry; then what the last payment
 * says. `gave_up`: the card page said that the buyer left it without paying. `paid`: it said that the card was charged, so a
 * payment that still shows as failed is an earlier try, and the news of this one is on its way.
 */
export function waitingFor(booking: Booking, now_ms: number, gave_up = false, paid = false): Waiting {
  if (booking.status === 'confirmed') return { kind: 'confirmed' }
  if (booking.status === 'cancelled') return { kind: 'cancelled' }
  const states = booking.payments.map((payment) => payment.status)
  if (states.includes('refunded') || states.includes('partially_refunded')) return { kind: 'refunded' }
  // A payment that succeeded is being settled, even when its hold has just ended.
  if (states.includes('succeeded') || states.includes('processing')) return { kind: 'working' }
  if (booking.status !== 'held' || Date.parse(booking.hold_expires_at) <= now_ms) return { kind: 'expired' }
  if (states.at(-1) === 'failed' && !paid) return { kind: 'declined' }
  return gave_up ? { kind: 'unpaid' } : { kind: 'working' }
}
