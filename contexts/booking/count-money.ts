import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { type Db, loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['count_movement', 'fold_changes'])

/** Money refunded (+) or recovered (-). */
const DIRECTION = {
  'payment.refunded': 1,
  'payment.refund_returned': -1,
  'payment.disputed': 1,
  'payment.dispute_won': -1,
} as const

type Topic = keyof typeof DIRECTION

/** Subtracts refunded money from the revenue of the tiers it had paid for, in proportion. Idempotent. */
export async function countMoney(tx: Tx, topic: Topic, event: PaymentEvents[Topic]): Promise<void> {
  await tx.none(sql.count_movement, {
    source: `${topic}:${event.movement_id}`,
    booking_id: event.booking_id,
    payment_id: event.payment_id,
    amount: DIRECTION[topic] * event.amount.amount,
  })
}

const CHANGES_MAX = 10_000

/** Folds the changes of the sales figures into totals, so that few are left to read. Concurrent runs fold each once. */
export async function foldSalesChanges(db: Db): Promise<void> {
  let folded = CHANGES_MAX
  while (folded === CHANGES_MAX)
    folded = (await db.one<{ folded: number }>(sql.fold_changes, { limit: CHANGES_MAX })).folded
}
