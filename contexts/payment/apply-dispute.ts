import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { money } from '@tessera/contracts/money'
import { publisher } from '#platform/bus'
import { type Db, loadSql } from '#platform/db'
import { post } from './ledger/post.ts'
import type { Payment } from './payment.ts'
import type { ProviderDispute } from './provider/provider.ts'

type Deps = { db: Db }

const sql = loadSql(import.meta.url, [
  'open_dispute',
  'lock_pending_refunds',
  'send_waiting',
  'supersede',
  'close_dispute',
  'mark_disputed',
  'undispute',
])
const publish = publisher<PaymentEvents>()

/**
 * Brings a dispute to what the provider shows: the bank takes amount and fee at once; a won dispute brings the amount back
 * and sends the refunds that waited for it; a lost one supersedes them. False when its payment is not captured yet (the
 * event came first): it will be looked at again.
 */
export async function applyDispute(deps: Deps, payment: Payment, seen: ProviderDispute): Promise<boolean> {
  const { ref: provider_ref, status } = seen
  if (status === 'inquiry') return true
  if (payment.captured === 0) return false
  const { id: payment_id, booking_id } = payment
  const { amount, currency } = seen.amount
  const event = { payment_id, booking_id, movement_id: provider_ref, amount: money(amount, currency) }
  await deps.db.transaction(async (tx) => {
    await tx.many(sql.lock_pending_refunds, { payment_id })
    const opened = await tx.maybe(sql.open_dispute, { provider_ref, payment_id, amount, fee: seen.fee, currency })
    if (opened !== undefined) {
      await post(tx, payment, [{ kind: 'dispute', source_id: provider_ref, amount, fee: seen.fee }])
      await tx.none(sql.mark_disputed, { payment_id })
      await publish(tx, 'payment.disputed', payment_id, event)
    }
    if (status === 'open') return
    if ((await tx.maybe(sql.close_dispute, { provider_ref, status })) === undefined) return
    if (status === 'lost') {
      await tx.none(sql.supersede, { payment_id })
      return
    }
    await post(tx, payment, [{ kind: 'dispute-won', source_id: provider_ref, amount }])
    await tx.none(sql.undispute, { payment_id })
    await tx.none(sql.send_waiting, { payment_id })
    await publish(tx, 'payment.dispute_won', payment_id, event)
  })
  return true
}
