import type { Money } from '../money.ts'

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

export type PaymentSummary = {
  id: string
  booking_id: string
  provider: string
  status: PaymentStatus
  amount: Money
  refunded: Money
}

export type PaymentRpc = {
  payments_of(input: { booking_ids: string[] }): Promise<PaymentSummary[]>
  /** Asks for the money back that a cancellation promises; idempotent by `cancellation_id`. Money already refunded counts. */
  refund_booking(input: {
    booking_id: string
    cancellation_id: string
    percent: number
    reason: 'cancellation' | 'event-cancelled'
  }): Promise<{ refund: Money | null }>
}
