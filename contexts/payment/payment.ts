import { isId } from '@tessera/contracts/ids'
import { type Money, money } from '@tessera/contracts/money'
import type { PaymentStatus } from '@tessera/contracts/rpc/payment'
import { loadSql, type Queryable } from '#platform/db'
import type { Reference } from './provider/provider.ts'

export type Settlement =
  | 'pending'
  | 'confirmed'
  | 'seats-gone'
  | 'paid-otherwise'
  | 'amount-mismatch'
  | 'unknown-booking'

/** A row of `payment_rows`: a payment as far as code reads it. */
export type Payment = {
  id: string
  booking_id: string
  user_id: string
  organization_id: string
  event_id: string
  /** The name of the provider that it was opened with: all its calls and webhooks go there. */
  provider: string
  /** The intent; null until the provider has made it, and while a page of the provider's stands in for it. */
  provider_ref: string | null
  /** For the provider's own element in the browser; null with a provider that has none. */
  client_secret: string | null
  /** The provider's page on which it is paid: from then on the intent is read through it. */
  checkout_ref: string | null
  /** The intent that the page stands in for, until that one is cancelled for certain. */
  replaced_ref: string | null
  /**
   * The last page that was closed in favour of its intent; it is never given away again. Equal to `checkout_ref` from
   * before that page is closed until the intent is the payment's again.
   */
  closed_checkout_ref: string | null
  amount: number
  currency: string
  description: string
  status: PaymentStatus
  captured: number
  refunded: number
  refund_pending: number
  fee: number | null
  settlement: Settlement | null
  holder_email: string | null
  holder_first_name: string | null
  holder_last_name: string | null
  return_url: string | null
  hold_expires_at: string
}

const sql = loadSql(import.meta.url, ['payment_by_id'])

export async function paymentById(db: Queryable, id: string): Promise<Payment | undefined> {
  if (!isId('pay', id)) return undefined
  return db.maybe<Payment>(sql.payment_by_id, { id })
}

export type Holder = { first_name: string; last_name: string; email: string }

/** Who the tickets are for; null when no address was ever given. */
export function holderOf(payment: Payment): Holder | null {
  if (payment.holder_email === null) return null
  return {
    email: payment.holder_email,
    first_name: payment.holder_first_name ?? '',
    last_name: payment.holder_last_name ?? '',
  }
}

/** True once the provider knows the payment: its intent was made, and a page may have taken its place since. */
export function isMade(payment: Pick<Payment, 'provider_ref' | 'checkout_ref'>): boolean {
  return payment.provider_ref !== null || payment.checkout_ref !== null
}

/** What the provider is asked about: the page where there is one, else the intent. */
export function referenceOf(payment: Payment): Reference {
  return { intent_ref: payment.provider_ref, checkout_ref: payment.checkout_ref }
}

export function amountOf(payment: Payment): Money {
  return money(payment.amount, payment.currency)
}
