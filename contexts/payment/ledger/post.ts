import { loadSql, type Tx } from '#platform/db'
import { linesOf, type MovementKind } from './movements.ts'

export type Movement = {
  kind: MovementKind
  /** The payment, refund or dispute whose movement this is: a movement of a source is booked once. */
  source_id: string
  /** Minor units of the payment's currency. */
  amount: number
  fee?: number
}

/** Whose books it goes into. */
export type Books = { id: string; organization_id: string; provider: string; currency: string }

const sql = loadSql(import.meta.url, ['post'])

/** Books movements in the transaction of the change they follow from: money moves only with a ledger entry. */
export async function post(tx: Tx, payment: Books, movements: readonly Movement[]): Promise<void> {
  const moving = movements.filter((movement) => linesOf(movement.kind, movement.amount, movement.fee).length > 0)
  if (moving.length === 0) return
  const lines = moving.flatMap((movement) =>
    linesOf(movement.kind, movement.amount, movement.fee).map((line) => ({ ...line, of: movement })),
  )
  await tx.none(sql.post, {
    payment_id: payment.id,
    organization_id: payment.organization_id,
    provider: payment.provider,
    currency: payment.currency,
    kinds: moving.map((movement) => movement.kind),
    source_ids: moving.map((movement) => movement.source_id),
    line_kinds: lines.map((line) => line.of.kind),
    line_source_ids: lines.map((line) => line.of.source_id),
    accounts: lines.map((line) => line.account),
    amounts: lines.map((line) => line.amount),
  })
}
