import type { Money } from '../money.ts'
import type { ChargeLimits } from '../pricing/chargeable.ts'
import type { SettlementReason } from './booking.ts'

export type PaymentStatus =
  | 'created'
  | 'processing'
  | 'requires_action'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'partially_refunded'
  | 'refunded'
  | 'disputed'

/** What became of a payment, in one word; `http/payment.ts` says what each means. */
export type PaymentOutcome =
  | 'open'
  | 'action_required'
  | 'processing'
  | 'declined'
  | 'closed'
  | 'settling'
  | 'confirmed'
  | 'given_back'

/** What booking answered to the money. */
export type SettlementVerdict =
  | 'pending'
  | 'confirmed'
  | 'seats_gone'
  | 'paid_otherwise'
  | 'amount_mismatch'
  | 'unknown_booking'

export type RefundReason = 'late_payment' | 'duplicate_payment' | 'cancellation' | 'event_cancelled' | 'requested'

/** Where a refund stands; `http/payment.ts` says what each means. */
export type RefundState =
  | 'pending'
  | 'awaiting_dispute'
  | 'succeeded'
  | 'returned'
  | 'refunded_elsewhere'
  | 'superseded'
  | 'failed'

export type RefundSummary = {
  id: string
  amount: Money
  reason: RefundReason
  state: RefundState
  created_at: string
  settled_at: string | null
}

export type PaymentSummary = {
  id: string
  booking_id: string
  provider: string
  status: PaymentStatus
  amount: Money
  captured: Money
  refunded: Money
  outcome: PaymentOutcome
  settlement: SettlementVerdict | null
  /** Of `seats_gone`; null with every other settlement, and for a refusal from before reasons were recorded. */
  settlement_reason: SettlementReason | null
  /** The provider's code of the last refusal; null unless the last attempt was declined. */
  failure_code: string | null
  /** Oldest first. */
  refunds: RefundSummary[]
}

/** `waits_for_dispute`: the bank has taken the money into dispute; it is paid when the dispute is won. */
export type PromisedRefund = { refund: Money | null; waits_for_dispute: boolean }

export type RefundRequest = {
  booking_id: string
  cancellation_id: string
  /** Whole percent of what has neither been refunded nor lost in a dispute. */
  percent: number
  reason: 'cancellation' | 'event-cancelled'
}

export type PaymentRpc = {
  /** What one charge may amount to, with the provider that payments get unless they ask for another. */
  charge_limits(): Promise<ChargeLimits>
  payments_of(input: { booking_ids: string[] }): Promise<PaymentSummary[]>
  /**
   * What `refund_booking` would promise now; what it has promised already where this cancellation has asked.
   * `cancellation_id` is null while there is no cancellation. A null refund: no money is there to give back.
   */
  refund_preview(input: {
    booking_id: string
    percent: number
    cancellation_id: string | null
  }): Promise<PromisedRefund>
  /** Asks for the money back that a cancellation promises; idempotent by `cancellation_id`. */
  refund_booking(input: RefundRequest): Promise<PromisedRefund>
  /**
   * The same for many bookings in one transaction (at most 500): refunds are reserved durably and sent in the background.
   * Answers in the order of the requests; null for a booking whose payment cannot be settled now: ask for it again later.
   */
  refund_bookings(input: { requests: RefundRequest[] }): Promise<(PromisedRefund | null)[]>
}
