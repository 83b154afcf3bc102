import type { RefundStep } from '../events/catalog.ts'

/** What an event without a policy of its own gives back: all until 7 days before, half until 24 hours, then nothing. */
export const DEFAULT_REFUND_POLICY: readonly RefundStep[] = [
  { hours_before: 168, percent: 100 },
  { hours_before: 24, percent: 50 },
  { hours_before: 0, percent: 0 },
]

const HOUR_MS = 3_600_000

/**
 * The percentage that a cancellation gives back at `at_ms`: that of the step with the most hours before the start that
 * are still left; nothing once no step applies.
 */
export function refundPercent(policy: readonly RefundStep[], start_ms: number, at_ms: number): number {
  const hours_left = (start_ms - at_ms) / HOUR_MS
  const steps = [...policy].sort((a, b) => b.hours_before - a.hours_before)
  return steps.find((step) => hours_left >= step.hours_before)?.percent ?? 0
}

/** What a cancellation is refunded by: an event's policy and a performance's start. */
export type RefundTerms = { refund_policy: readonly RefundStep[]; start_time: string }

/**
 * The percentage that a booking gives back at `at_ms`: by the better of its terms at the hold and the present ones, so
 * that nothing an organizer changes after the sale refunds less. `at_hold` is null for bookings that name none.
 */
export function bookingRefundPercent(at_hold: RefundTerms | null, present: RefundTerms, at_ms: number): number {
  const each = [at_hold ?? present, present]
  return Math.max(...each.map((terms) => refundPercent(terms.refund_policy, Date.parse(terms.start_time), at_ms)))
}

/** `percent` of an amount in minor units, half a unit rounded up. */
export function percentOf(amount: number, percent: number): number {
  return Number((BigInt(amount) * BigInt(percent) * 2n + 100n) / 200n)
}
