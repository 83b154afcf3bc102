import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Payment } from '../payment.ts'
import type { ProviderRefund } from '../provider/provider.ts'
import { type Refund, refundById, refundByRef } from '../refund-row.ts'
import { applyRefund } from './apply-refund.ts'
import { reserve } from './reserve.ts'

type Deps = { db: Db; log: Log }

/**
 * Takes up a refund as the provider shows it: ours by what it carries or by its reference; one that somebody made at the
 * provider itself becomes ours. False when it cannot be booked (yet): more than is left of the payment.
 */
export async function adoptRefund(deps: Deps, payment: Payment, seen: ProviderRefund): Promise<boolean> {
  const known = await ours(deps, payment, seen)
  if (known !== undefined) {
    await applyRefund(deps, known, seen)
    return true
  }
  if (seen.status === 'failed') return true
  if (seen.amount.currency !== payment.currency || payment.captured === 0) return false
  const reserved = await deps.db.transaction((tx) =>
    reserve(tx, {
      payment_id: payment.id,
      amount: () => seen.amount.amount,
      reason: 'requested',
      note: 'Made at the provider',
      cause: `provider:${seen.ref}`,
    }),
  )
  const refund = reserved === null ? undefined : await refundById(deps.db, reserved.id)
  if (refund === undefined) {
    deps.log.warn({ payment_id: payment.id, refund: seen.ref }, 'the provider shows a refund of more than is left')
    return false
  }
  await applyRefund(deps, refund, seen)
  return true
}

async function ours(deps: Deps, payment: Payment, seen: ProviderRefund): Promise<Refund | undefined> {
  const named = seen.refund_id === null ? undefined : await refundById(deps.db, seen.refund_id)
  const isOurs = named?.payment_id === payment.id && named.amount === seen.amount.amount
  if (isOurs && (named.provider_ref === null || named.provider_ref === seen.ref)) return named
  return refundByRef(deps.db, seen.ref)
}
