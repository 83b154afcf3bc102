import type { Money } from '../money.ts'

export type BookingStatus = 'held' | 'confirmed' | 'expired' | 'released' | 'cancelled'

/** What payment needs to know before it asks for money. */
export type Payable = {
  booking_id: string
  user_id: string
  organization_id: string
  event_id: string
  status: BookingStatus
  /** Whether the hold is still alive by the database's clock. */
  alive: boolean
  /** The event was cancelled: nothing may be charged for it. */
  event_cancelled: boolean
  hold_expires_at: string
  total: Money
  description: string
}

/** Why a payment found its seats gone; `http/payment.ts` says what each means. */
export type SettlementReason = 'taken' | 'released' | 'cancelled' | 'event_cancelled' | 'event_over' | 'person_limit'

export type SettleOutcome =
  | { kind: 'confirmed'; booking_id: string; event_id: string | null }
  /** The same payment settled it before. */
  | { kind: 'already-confirmed'; booking_id: string }
  /** Another payment confirmed it: this one is to be refunded. */
  | { kind: 'paid-otherwise'; booking_id: string }
  /** The booking can be confirmed no more: to be refunded. A null reason: refused before reasons were recorded. */
  | { kind: 'seats-gone'; booking_id: string; reason: SettlementReason | null }
  | { kind: 'amount-mismatch'; booking_id: string }
  | { kind: 'unknown-booking'; booking_id: string }

export type BookingRpc = {
  payable(input: { booking_id: string }): Promise<Payable | null>
  /**
   * Gives the booking to the payment that paid for it; idempotent: its first answer to a payment is final. Waits for the
   * tickets for 2.5 s at most; `tickets_issued` says whether they were issued by then.
   */
  settle_paid(input: {
    booking_id: string
    payment_id: string
    amount: Money
    holder: { first_name: string; last_name: string; email: string } | null
  }): Promise<SettleOutcome & { tickets_issued: boolean }>
  /** Gives a guest's bookings to the account they signed in to; idempotent. `left` stay with the guest: a limit per person. */
  adopt(input: { guest_id: string; user_id: string }): Promise<{ moved: string[]; left: string[] }>
  /** Does this token open the booking by its order link: neither expired nor revoked? */
  order_link_fits(input: { booking_id: string; token: string }): Promise<boolean>
  /** Who may see a booking's tickets and payments. */
  owner(input: { booking_id: string }): Promise<{ user_id: string; organization_id: string; event_id: string } | null>
}
