import type { Money } from '../money.ts'

export type PaymentSucceeded = { payment_id: string; booking_id: string; amount: Money }
export type PaymentFailed = { payment_id: string; booking_id: string; reason: string }
export type PaymentRefunded = {
  payment_id: string
  booking_id: string
  refund_id: string
  amount: Money
  reason: 'late-payment' | 'duplicate-payment' | 'cancellation' | 'event-cancelled' | 'requested'
}

/** Keyed by payment. */
export type PaymentEvents = {
  'payment.succeeded': PaymentSucceeded
  'payment.failed': PaymentFailed
  'payment.refunded': PaymentRefunded
}
