import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { money } from '@tessera/contracts/money'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Queryable, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { post } from '../ledger/post.ts'
import type { ProviderRefund } from '../provider/provider.ts'
import type { RefundReason } from './reserve.ts'

/** A refund with what of its payment the books need. */
export type Refund = {
  id: string
  payment_id: string
  amount: number
  reason: RefundReason
  status: 'pending' | 'succeeded' | 'failed'
  provider_ref: string | null
  round: number
  booking_id: string
  organization_id: string
  provider: string
  currency: string
  intent_ref: string | null
}

type Deps = { db: Db; log: Log }

const sql = loadSql(import.meta.url, [
  'refund_by_id',
  'refund_by_ref',
  'note_ref',
  'succeed',
  'give_back',
  'fail',
  'release',
  'take_back',
])
const publish = publisher<PaymentEvents>()

export function refundById(db: Queryable, id: string): Promise<Refund | undefined> {
  return db.maybe<Refund>(sql.refund_by_id, { id })
}

export function refundByRef(db: Queryable, provider_ref: string): Promise<Refund | undefined> {
  return db.maybe<Refund>(sql.refund_by_ref, { provider_ref })
}

/** Brings one of our refunds to what the provider shows of it; in any order, any number of times. */
export async function applyRefund(deps: Deps, refund: Refund, seen: ProviderRefund): Promise<void> {
  switch (seen.status) {
    case 'pending':
      await deps.db.none(sql.note_ref, { id: refund.id, provider_ref: seen.ref })
      return
    case 'succeeded':
      await deps.db.transaction((tx) => succeed(tx, refund, seen.ref))
      return
    case 'failed':
      await failRefund(deps, refund, seen.failure ?? 'The bank returned it', seen.ref)
      return
  }
}

/** The money went back. Told in the books and to the others once. */
async function succeed(tx: Tx, refund: Refund, provider_ref: string): Promise<void> {
  if ((await tx.maybe(sql.succeed, { id: refund.id, provider_ref })) === undefined) return
  const { id: refund_id, payment_id, booking_id, amount, reason } = refund
  await tx.none(sql.give_back, { payment_id, amount })
  const kind = reason === 'late-payment' || reason === 'duplicate-payment' ? 'late-refund' : 'refund'
  await post(tx, booksOf(refund), [{ kind, source_id: refund_id, amount }])
  const event = { payment_id, booking_id, refund_id, amount: money(amount, refund.currency), reason }
  await publish(tx, 'payment.refunded', payment_id, event)
}

/**
 * The money did not go back: what was reserved is free again, and what was booked as given back is booked as returned.
 * When we owed it to the buyer by ourselves, people must see to it.
 */
export async function failRefund(
  deps: Deps,
  refund: Refund,
  error: string,
  provider_ref: string | null,
): Promise<void> {
  const { id, payment_id, amount } = refund
  await deps.db.transaction(async (tx) => {
    if ((await tx.maybe(sql.fail, { id, provider_ref, error, status: 'pending' })) !== undefined) {
      await tx.none(sql.release, { payment_id, amount })
      return
    }
    if ((await tx.maybe(sql.fail, { id, provider_ref, error, status: 'succeeded' })) === undefined) return
    await tx.none(sql.take_back, { payment_id, amount })
    await post(tx, booksOf(refund), [{ kind: 'refund-returned', source_id: id, amount }])
  })
  if (refund.reason !== 'requested')
    deps.log.error({ refund_id: id, payment_id, error }, 'a refund that is owed failed')
}

function booksOf(refund: Refund) {
  return {
    id: refund.payment_id,
    organization_id: refund.organization_id,
    provider: refund.provider,
    currency: refund.currency,
  }
}
