import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { money } from '@tessera/contracts/money'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { post } from '../ledger/post.ts'
import type { ProviderRefund } from '../provider/provider.ts'
import type { Refund } from '../refund-row.ts'

type Deps = { db: Db; log: Log }

const sql = loadSql(import.meta.url, ['note_ref', 'succeed', 'give_back', 'fail', 'open_case', 'release', 'take_back'])
const publish = publisher<PaymentEvents>()

/** Brings one of our refunds to what the provider shows of it; in any order, any number of times. */
export async function applyRefund(deps: Deps, refund: Refund, seen: ProviderRefund): Promise<void> {
  // News of a try that the bank returned long ago says nothing about the one under way.
  if (refund.earlier_refs.includes(seen.ref)) return
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

/** The money went back. Booked and announced once. */
async function succeed(tx: Tx, refund: Refund, provider_ref: string): Promise<void> {
  const before = await tx.maybe<{ status: Refund['status'] }>(sql.succeed, { id: refund.id, provider_ref })
  if (before === undefined) return
  const { id: refund_id, payment_id, booking_id, amount, reason } = refund
  await tx.none(sql.give_back, { payment_id, amount, reserved: before.status === 'pending' ? amount : 0 })
  await post(tx, booksOf(refund), [{ kind: kindOf(refund), source_id: sourceOf(refund), amount }])
  await publish(tx, 'payment.refunded', payment_id, {
    payment_id,
    booking_id,
    refund_id,
    movement_id: sourceOf(refund),
    amount: money(amount, refund.currency),
    reason,
  })
}

/**
 * The money did not go back. What was reserved is free again; what was booked as given back is booked as returned. A refund
 * that the provider had accepted was promised to the buyer, so a case asks somebody of the organization to resolve it.
 */
export async function failRefund(
  deps: Deps,
  refund: Refund,
  error: string,
  provider_ref: string | null,
): Promise<void> {
  const { id, payment_id, booking_id, amount, round } = refund
  await deps.db.transaction(async (tx) => {
    const unpaid = await tx.maybe(sql.fail, { id, provider_ref, error, status: 'pending' })
    if (unpaid !== undefined) await tx.none(sql.release, { payment_id, amount })
    else {
      if ((await tx.maybe(sql.fail, { id, provider_ref, error, status: 'succeeded' })) === undefined) return
      await tx.none(sql.take_back, { payment_id, amount })
      await post(tx, booksOf(refund), [{ kind: `${kindOf(refund)}-returned`, source_id: sourceOf(refund), amount }])
      const event = {
        payment_id,
        booking_id,
        refund_id: id,
        movement_id: sourceOf(refund),
        amount: money(amount, refund.currency),
        reason: refund.reason,
      }
      await publish(tx, 'payment.refund_returned', payment_id, event)
    }
    if (provider_ref === null) return
    await tx.none(sql.open_case, { id, round, error })
    deps.log.error({ refund_id: id, payment_id, error }, 'a refund was returned; a person must resolve it')
  })
}

/** A refund of money that bought nothing undoes its capture in the books. */
function kindOf(refund: Refund): 'refund' | 'late-refund' {
  return refund.reason === 'late-payment' || refund.reason === 'duplicate-payment' ? 'late-refund' : 'refund'
}

/** Each try of a refund is a movement of its own. */
function sourceOf(refund: Refund): string {
  return refund.round === 0 ? refund.id : `${refund.id}:${refund.round}`
}

function booksOf(refund: Refund) {
  return {
    id: refund.payment_id,
    organization_id: refund.organization_id,
    provider: refund.provider,
    currency: refund.currency,
  }
}
