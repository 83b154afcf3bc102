import type { Booking } from '../../api/bodies.ts'

/** What a buyer is told of an order that is not paid, or whose payment has just been tried. */
export type Outcome =
  /** Paid for (or cancelled since): its own page tells the rest. */
  | { kind: 'confirmed' | 'cancelled' }
  /**
   * On hold, and free to be paid: not tried yet, left without paying, not led to the payment page since the provider did
   * not answer, declined, or waiting for a step at the buyer's bank.
   */
  | Payable
  /** Money is on its way, and its news with it. */
  | { kind: 'working' }
  /** The time is over, and a payment that was begun before may still arrive. */
  | { kind: 'closing' }
  | { kind: 'expired' | 'released' | 'event-over' | 'event-cancelled'; charged: Charged }
  /** The money bought nothing, and goes back. */
  | { kind: 'refunded'; payment: Booking['payments'][number] }

export type Payable = { kind: 'unpaid' | 'came-back' | 'unreached' | 'declined' | 'step-needed'; charged: Charged }

/** Whether it is certain that no money was taken: no payment can be paid any more, or none was begun. */
export type Charged = 'nothing' | 'nothing-yet'

/** What the address says to which the payment page returned the buyer. A hint, never a proof. */
export type Hints = { gave_up?: boolean; unreached?: boolean; paid?: boolean }

/** An unpaid payment is withdrawn from the provider a minute after its hold; until then money may still arrive. */
const CLOSING_MS_MAX = 150_000

/** Charged, or perhaps charged, and not yet settled. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(['processing', 'settling', 'confirmed'])

/** `end_time` is the performance's. */
type Seen = Pick<Booking, 'status' | 'hold_expires_at' | 'payments' | 'performance_status'> & { end_time: string }

/**
 * Money before holds: a payment that succeeded, is being processed or goes back is told before anything about the hold.
 * Then whether the order can still be paid. `paid` outranks a payment that shows as declined: that was an earlier try.
 */
export function outcomeOf(
  booking: Seen,
  now_ms: number,
  { gave_up = false, unreached = false, paid = false }: Hints = {},
): Outcome {
  if (booking.status === 'confirmed' || booking.status === 'cancelled') return { kind: booking.status }
  const event_cancelled = booking.performance_status === 'cancelled'
  const outcomes = booking.payments.map((payment) => payment.outcome)
  if (outcomes.some((one) => ON_ITS_WAY.has(one))) return { kind: 'working' }
  const back = booking.payments.findLast((payment) => payment.outcome === 'given_back')
  if (back) return { kind: 'refunded', payment: back }
  const charged = chargedBy(booking.payments)
  if (event_cancelled) return paid ? { kind: 'working' } : { kind: 'event-cancelled', charged }
  const ends_ms = Date.parse(booking.hold_expires_at)
  if (booking.status !== 'held' || ends_ms <= now_ms) {
    if (charged === 'nothing-yet' && now_ms < ends_ms + CLOSING_MS_MAX) return { kind: 'closing' }
    if (Date.parse(booking.end_time) <= now_ms) return { kind: 'event-over', charged }
    return { kind: booking.status === 'released' ? 'released' : 'expired', charged }
  }
  if (paid) return { kind: 'working' }
  const last = outcomes.at(-1)
  if (last === 'action_required') return { kind: 'step-needed', charged }
  if (last === 'declined') return { kind: 'declined', charged }
  if (unreached) return { kind: 'unreached', charged }
  if (last === undefined) return { kind: 'unpaid', charged }
  return last === 'open' && !gave_up ? { kind: 'working' } : { kind: 'came-back', charged }
}

/** The outcomes after which the order can be paid (again). */
export function isPayable(outcome: Outcome): outcome is Payable {
  return ['unpaid', 'came-back', 'unreached', 'declined', 'step-needed'].includes(outcome.kind)
}

function chargedBy(payments: Seen['payments']): Charged {
  return payments.every(({ outcome }) => outcome === 'declined' || outcome === 'closed') ? 'nothing' : 'nothing-yet'
}
