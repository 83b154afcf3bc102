import { percentOf } from '@tessera/contracts/pricing/refund'

/** A payment with what a refund could still take of it, in minor units. */
export type Refundable = {
  payment_id: string
  currency: string
  /** Captured and neither refunded, reserved for a refund, nor lost in a dispute. */
  left_over: number
  /** The bank has not decided yet. */
  in_dispute: boolean
}

export type PlannedRefund = { payment_id: string; currency: string; amount: number; in_dispute: boolean }

/**
 * What a cancellation gives back, by payment: `percent` of what is left of each, half a unit rounded up. The only
 * arithmetic of promised refunds: the preview shows it, and the refunds are reserved by it under the payments' locks.
 */
export function planRefunds(payments: readonly Refundable[], percent: number): PlannedRefund[] {
  return payments
    .map(({ payment_id, currency, left_over, in_dispute }) => ({
      payment_id,
      currency,
      amount: percentOf(Math.max(0, left_over), percent),
      in_dispute,
    }))
    .filter((planned) => planned.amount > 0)
}
