import type { Money } from '../money.ts'

export type PaymentSucceeded = { payment_id: string; booking_id: string; amount: Money }
export type PaymentFailed = { payment_id: string; booking_id: string; reason: string }

/** Money that left or came back. `movement_id` is unique within its topic: a movement is counted once. */
type MoneyMoved = { payment_id: string; booking_id: string; movement_id: string; amount: Money }

export type PaymentRefunded = MoneyMoved & {
  refund_id: string
  reason: 'late-payment' | 'duplicate-payment' | 'cancellation' | 'event-cancelled' | 'requested'
}
export type PaymentDisputed = MoneyMoved

/** Keyed by payment. */
export type PaymentEvents = {
  'payment.succeeded': PaymentSucceeded
  'payment.failed': PaymentFailed
  'payment.refunded': PaymentRefunded
  /** The buyer's bank sent the refund back. */
  'payment.refund_returned': PaymentRefunded
  /** The buyer's bank took the money back. */
  'payment.disputed': PaymentDisputed
  /** And gave it to us again. */
  'payment.dispute_won': PaymentDisputed
}
