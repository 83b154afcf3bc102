import { newId } from '@tessera/contracts/ids'
import { loadSql, type Tx } from '#platform/db'
import type { RefundReason } from '../refund-row.ts'

export type Reserved = {
  id: string
  payment_id: string
  amount: number
  currency: string
  reason: RefundReason
  status: 'pending' | 'succeeded' | 'failed'
  body_hash: string | null
}

export type ReserveInput = {
  payment_id: string
  /** Of what is left: an amount, or a part of it. */
  amount(left_over: number): number
  reason: RefundReason
  note?: string
  /** What asks for it: asking again finds the same refund. */
  cause: string
  body_hash?: string
}

const sql = loadSql(import.meta.url, ['lock_payment', 'refund_of_cause', 'reserve'])

/**
 * Sets money of a payment aside for a refund, before anyone asks the provider for it: so two who refund at once cannot
 * give back more than came in. Null when that much is not there (or nothing is to be refunded).
 */
export async function reserve(tx: Tx, input: ReserveInput): Promise<Reserved | null> {
  const { payment_id, cause } = input
  const payment = await tx.one<{ left_over: number }>(sql.lock_payment, { payment_id })
  const known = await tx.maybe<Reserved>(sql.refund_of_cause, { payment_id, cause })
  if (known !== undefined) return known
  const amount = input.amount(payment.left_over)
  if (amount <= 0) return null
  const reserved = await tx.maybe<Reserved>(sql.reserve, {
    id: newId('ref'),
    payment_id,
    amount,
    reason: input.reason,
    note: input.note ?? null,
    cause,
    body_hash: input.body_hash ?? null,
  })
  return reserved ?? null
}
