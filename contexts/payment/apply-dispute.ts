import { type Db, loadSql } from '#platform/db'
import { post } from './ledger/post.ts'
import type { Payment } from './payment.ts'
import type { ProviderDispute } from './provider/provider.ts'

type Deps = { db: Db }

const sql = loadSql(import.meta.url, ['open_dispute', 'close_dispute', 'mark_disputed', 'undispute'])

/**
 * Brings a dispute to what the provider shows: the bank takes amount and fee at once; a won dispute brings the amount
 * back. False when its payment is not captured yet (the event came first): it will be looked at again.
 */
export async function applyDispute(deps: Deps, payment: Payment, seen: ProviderDispute): Promise<boolean> {
  const { ref: provider_ref, status } = seen
  if (status === 'inquiry') return true
  if (payment.captured === 0) return false
  const { amount, currency } = seen.amount
  await deps.db.transaction(async (tx) => {
    const opened = await tx.maybe(sql.open_dispute, {
      provider_ref,
      payment_id: payment.id,
      amount,
      fee: seen.fee,
      currency,
    })
    if (opened !== undefined) {
      await post(tx, payment, [{ kind: 'dispute', source_id: provider_ref, amount, fee: seen.fee }])
      await tx.none(sql.mark_disputed, { payment_id: payment.id })
    }
    if (status === 'open') return
    if ((await tx.maybe(sql.close_dispute, { provider_ref, status })) === undefined || status === 'lost') return
    await post(tx, payment, [{ kind: 'dispute-won', source_id: provider_ref, amount }])
    await tx.none(sql.undispute, { payment_id: payment.id })
  })
  return true
}
