import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { applyIntent, type CaptureBatcher } from './apply-intent.ts'
import { withOneWayToPay } from './checkout.ts'
import {
  afterSettling,
  answered,
  answerOf,
  type ConfirmInput,
  type ConfirmOutcome,
  notChargeable,
  successOf,
  unpayable,
} from './confirm-answer.ts'
import { hasHadPage, UNPAID } from './next-transition.ts'
import { type Payment, paymentById, referenceOf } from './payment.ts'
import type { PaymentLimits } from './payment-limits.ts'
import type { ProviderIntent } from './provider/provider.ts'
import type { Providers } from './provider/registry.ts'
import { type SettlementBatcher, settle } from './settle.ts'
import type { Pump } from './webhooks/pump.ts'

type Deps = {
  db: Db
  batchers: CaptureBatcher & SettlementBatcher
  providers: Providers
  limits: PaymentLimits | null
  rpc: { booking: BookingRpc }
  concluding: Set<string>
  webhooks: Pick<Pump, 'nudge'>
  log: Log
}

const sql = loadSql(import.meta.url, ['mark_unknown'])

/** A new attempt; a repeat of one that is open already is not counted, because its charge is the same one. */
export async function chargeWithinLimits(
  deps: Deps,
  payment: Payment,
  input: ConfirmInput,
  attempt: number,
): Promise<ConfirmOutcome> {
  if (deps.limits === null) return charge(deps, payment, input, attempt)
  const pass = deps.limits.attempt(input.idempotency.owner, input.sources)
  if (pass.kind === 'refused') return { kind: 'too-many-payments', retry_after_s: pass.retry_after_s }
  let ended: 'declined' | 'succeeded' | 'other' = 'other'
  try {
    const outcome = await charge(deps, payment, input, attempt)
    if (outcome.kind === 'payment-failed' || outcome.kind === 'invalid-input') ended = 'declined'
    else if (outcome.kind === 'answered' && outcome.body.status === 'succeeded') ended = 'succeeded'
    return outcome
  } finally {
    pass.ended(ended)
  }
}

/**
 * Asks the provider for the money while the hold lives, under the attempt's own key there. A page may have replaced the
 * intent since an earlier try of this attempt: that intent is seen to first, because the try may have paid it.
 */
export async function charge(deps: Deps, seen: Payment, input: ConfirmInput, attempt: number): Promise<ConfirmOutcome> {
  const payment = await withOneWayToPay(deps, seen)
  if (payment === null) return answered(seen, 'processing', 'held', 'open')
  const ref = payment.provider_ref
  if (ref === null) return notChargeable(payment)
  const payable = await deps.rpc.booking.payable({ booking_id: payment.booking_id })
  if (payable === null || payable.status !== 'held' || !payable.alive) {
    return tooLate(deps, payment, input, payable)
  }
  const provider = deps.providers.of(payment)
  const reply = await provider.confirmIntent(ref, {
    payment_method: input.body.payment_method,
    return_url: payment.return_url ?? '',
    key: `${payment.id}:${attempt}`,
  })
  switch (reply.kind) {
    case 'ok': {
      // A provider repeats its first answer to a key: one that was undecided then may have been decided since.
      const now = reply.value.status === 'processing' ? await provider.fetchIntent(referenceOf(payment)) : reply
      return conclude(deps, payment, input, now.kind === 'ok' ? now.value : reply.value)
    }
    case 'refused': {
      // The intent may have moved on without us: in the browser, or by an earlier try whose answer was lost.
      const moved = reply.moved ? await provider.fetchIntent(referenceOf(payment)) : null
      if (moved?.kind === 'ok' && moved.value.status !== 'open') return conclude(deps, payment, input, moved.value)
      return { kind: 'invalid-input', detail: reply.message }
    }
    case 'unsent':
      return { kind: 'unavailable' }
    case 'unknown':
      deps.log.warn({ payment_id: payment.id, err: reply.error }, 'the provider gave no answer to a charge')
      await deps.db.none(sql.mark_unknown, { id: payment.id })
      return answered(payment, 'processing', 'held', 'open')
  }
}

/** The hold is over. Nothing is charged; but what was charged before (in the browser, by a lost try) is settled. */
async function tooLate(
  deps: Deps,
  payment: Payment,
  input: ConfirmInput,
  payable: Payable | null,
): Promise<ConfirmOutcome> {
  const seen = await deps.providers.of(payment).fetchIntent(referenceOf(payment))
  if (seen.kind === 'ok' && seen.value.status === 'succeeded') return conclude(deps, payment, input, seen.value)
  return unpayable(payable)
}

/** Webhooks of the payment wait meanwhile; what this request leaves open, they take up at once. */
async function conclude(
  deps: Deps,
  payment: Payment,
  input: ConfirmInput,
  intent: ProviderIntent,
): Promise<ConfirmOutcome> {
  deps.concluding.add(payment.id)
  try {
    return await concludeAs(deps, payment, input, intent)
  } finally {
    deps.concluding.delete(payment.id)
    deps.webhooks.nudge()
  }
}

async function concludeAs(
  deps: Deps,
  payment: Payment,
  input: ConfirmInput,
  intent: ProviderIntent,
): Promise<ConfirmOutcome> {
  const applied = await applyIntent(deps, payment, intent)
  if (applied === 'foreign')
    return { kind: 'conflict', detail: 'The provider’s payment is not the one of this booking.' }
  switch (intent.status) {
    case 'succeeded': {
      if (applied === 'captured') {
        const captured: Payment = {
          ...payment,
          status: 'succeeded',
          captured: intent.received.amount,
          settlement: 'pending',
        }
        return afterSettling(deps, captured, await settle(deps, captured, successOf(payment, input)))
      }
      const fresh = await paymentById(deps.db, payment.id)
      return answerOf(deps, fresh ?? payment, input)
    }
    case 'requires_action':
      return answered(payment, 'requires_action', 'held', 'store', intent.redirect_url)
    case 'cancelled':
      return whyCancelled(deps, payment, input)
    case 'open':
      if (intent.failure === null) return answered(payment, 'processing', 'held', 'open')
      return {
        kind: 'payment-failed',
        detail: intent.failure.message,
        decline_code: intent.failure.decline_code ?? intent.failure.code,
      }
    case 'processing':
      return answered(payment, 'processing', 'held', 'open')
  }
}

/** A page may have replaced the intent since the payment was read, and have been paid; while the hold lives, it goes on there. */
async function whyCancelled(deps: Deps, payment: Payment, input: ConfirmInput): Promise<ConfirmOutcome> {
  const now = (await paymentById(deps.db, payment.id)) ?? payment
  if (!UNPAID.includes(now.status)) return answerOf(deps, now, input)
  const payable = await deps.rpc.booking.payable({ booking_id: now.booking_id })
  return payable?.status === 'held' && payable.alive && hasHadPage(now) ? notChargeable(now) : unpayable(payable)
}
