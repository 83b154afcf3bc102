import type { PaymentRefunded } from '@tessera/contracts/events/payment'
import { loadSql, type Queryable } from '#platform/db'

export type RefundReason = PaymentRefunded['reason']

/** A row of `refund_rows`: a refund with what the ledger needs of its payment. */
export type Refund = {
  id: string
  payment_id: string
  amount: number
  reason: RefundReason
  status: 'pending' | 'succeeded' | 'failed' | 'superseded'
  provider_ref: string | null
  /** The provider's ids of earlier tries, which the buyer's bank returned. */
  earlier_refs: string[]
  /** Tries that were refused or returned so far. */
  round: number
  booking_id: string
  organization_id: string
  provider: string
  currency: string
  intent_ref: string | null
  /** The bank has not decided on a dispute of its payment. */
  in_dispute: boolean
}

const sql = loadSql(import.meta.url, ['refund_by_id', 'refund_by_ref'])

export function refundById(db: Queryable, id: string): Promise<Refund | undefined> {
  return db.maybe<Refund>(sql.refund_by_id, { id })
}

export function refundByRef(db: Queryable, provider_ref: string): Promise<Refund | undefined> {
  return db.maybe<Refund>(sql.refund_by_ref, { provider_ref })
}
