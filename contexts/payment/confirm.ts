import { type Db, loadSql } from '#platform/db'
import type { Idempotency } from '#platform/http'
import type { Log } from '#platform/telemetry'
import type { ConfirmPaymentRequest, ConfirmPaymentResponse } from '@tessera/contracts/http/payment'
import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import { applyIntent } from './apply-intent.ts'
import { UNPAID } from './meaning.ts'
import { type Payment, paymentById } from './payment.ts'
import type { Provider, ProviderIntent } from './provider/provider.ts'
import { type Settled, settle } from './settle.ts'

type Deps = { db: Db; provider: Provider; booking: BookingRpc; log: Log }

export type Confirm = { idempotency: Idempotency; body: ConfirmPaymentRequest }

export type Confirmed =
  | { kind: 'answered'; body: ConfirmPaymentResponse; final: boolean }
  | { kind: 'payment-failed'; detail: string; decline_code: string }
  | { kind: 'replayed'; status: number; body: unknown }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'hold-expired' }
  | { kind: 'conflict'; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'unavailable' }

type Opened = Omit<Payment, 'id'> & {
  id: string | null
  opened_attempt: number | null
  known_attempt: number | null
  known_body_hash: string | null
  answer_status: number | null
  answer: unknown
}

const sql = loadSql(import.meta.url, ['open_attempt', 'drop_attempt', 'store_answer', 'mark_unknown'])

/**
 * Charges a payment method for a hold that is alive. The attempt is written before the provider is asked, under a key of
 * its own there; the answer is stored under the buyer's key once it is final. What stays open between (a crash, an
 * answer that never came) is taken up by a repeat with the same key, a webhook or the reconciler, whichever is first.
 */
export async function confirmPayment(deps: Deps, input: Confirm): Promise<Confirmed> {
  const row = await openAttempt(deps, input)
  if (row.known_body_hash !== null) {
    if (row.known_body_hash !== input.idempotency.body_hash) return { kind: 'idempotency-mismatch' }
    if (row.answer_status !== null) return { kind: 'replayed', status: row.answer_status, body: row.answer }
  }
  if (row.id === null) return { kind: 'not-found' }
  const payment: Payment = { ...row, id: row.id }
  const attempt = row.opened_attempt ?? row.known_attempt
  const outcome = UNPAID.includes(payment.status)
    ? attempt === null
      ? ({ kind: 'conflict', detail: 'This payment is not ready to be confirmed.' } as const)
      : await charge(deps, payment, { payment_method: input.body.payment_method, key: `${payment.id}:${attempt}` })
    : await standing(deps, payment)
  if (attempt !== null) await close(deps, input.idempotency, outcome)
  return outcome
}

/** Two requests with one key at the same moment: the second sees the first's attempt only when it looks again. */
async function openAttempt(deps: Deps, { idempotency, body }: Confirm): Promise<Opened> {
  const params = {
    payment_id: body.payment_id,
    payment_method: body.payment_method,
    user_id: idempotency.owner,
    idempotency_key: idempotency.key,
    body_hash: idempotency.body_hash,
  }
  const row = await deps.db.one<Opened>(sql.open_attempt, params)
  const missed =
    row.id !== null && UNPAID.includes(row.status) && row.opened_attempt === null && row.known_attempt === null
  return missed ? deps.db.one<Opened>(sql.open_attempt, params) : row
}

async function charge(
  deps: Deps,
  payment: Payment,
  attempt: { payment_method: string; key: string },
): Promise<Confirmed> {
  const ref = payment.provider_ref
  if (ref === null) return { kind: 'conflict', detail: 'This payment is not ready to be confirmed.' }
  const payable = await deps.booking.payable({ booking_id: payment.booking_id })
  if (payable === null || payable.status !== 'held' || !payable.alive) return tooLate(deps, payment, ref, payable)
  const return_url = payment.return_url ?? ''
  const reply = await deps.provider.confirmIntent(ref, { ...attempt, return_url })
  switch (reply.kind) {
    case 'ok':
      return conclude(deps, payment, reply.value)
    case 'refused': {
      // The intent may have moved on without us: in the browser, or by an earlier try whose answer was lost.
      const moved = reply.code === 'payment_intent_unexpected_state' ? await deps.provider.fetchIntent(ref) : null
      if (moved?.kind === 'ok' && moved.value.status !== 'open') return conclude(deps, payment, moved.value)
      return { kind: 'invalid-input', detail: reply.message }
    }
    case 'unsent':
      return { kind: 'unavailable' }
    case 'unknown':
      deps.log.warn({ payment_id: payment.id, err: reply.error }, 'the provider gave no answer to a charge')
      await deps.db.none(sql.mark_unknown, { id: payment.id })
      return answered(payment, 'processing', 'held', false)
  }
}

/** The hold is over. Nothing is charged; but what was charged before (in the browser, by a lost try) is seen to. */
async function tooLate(deps: Deps, payment: Payment, ref: string, payable: Payable | null): Promise<Confirmed> {
  const seen = await deps.provider.fetchIntent(ref)
  if (seen.kind === 'ok' && seen.value.status === 'succeeded') return conclude(deps, payment, seen.value)
  if (payable?.status === 'confirmed') return { kind: 'conflict', detail: 'This booking has been paid already.' }
  return { kind: 'hold-expired' }
}

async function conclude(deps: Deps, payment: Payment, intent: ProviderIntent): Promise<Confirmed> {
  const applied = await applyIntent(deps, payment, intent)
  if (applied === 'foreign')
    return { kind: 'conflict', detail: 'The provider’s payment is not the one of this booking.' }
  switch (intent.status) {
    case 'succeeded': {
      if (applied === 'captured') {
        const captured = intent.received.amount
        return afterSettling(
          deps,
          payment,
          await settle(deps, { ...payment, status: 'succeeded', captured, settlement: 'pending' }),
        )
      }
      const fresh = await paymentById(deps.db, payment.id)
      return standing(deps, fresh ?? payment)
    }
    case 'requires_action':
      return answered(payment, 'requires_action', 'held', true, intent)
    case 'cancelled':
      return { kind: 'hold-expired' }
    case 'open':
      if (intent.failure === null) return answered(payment, 'processing', 'held', false)
      return {
        kind: 'payment-failed',
        detail: intent.failure.message,
        decline_code: intent.failure.decline_code ?? intent.failure.code,
      }
    case 'processing':
      return answered(payment, 'processing', 'held', false)
  }
}

/** What can be said of a payment that is over already. */
async function standing(deps: Deps, payment: Payment): Promise<Confirmed> {
  switch (payment.settlement) {
    case null:
      return { kind: 'hold-expired' }
    case 'pending':
      return afterSettling(deps, payment, await settle(deps, payment))
    case 'confirmed': {
      const now = await deps.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, 'succeeded', now?.status ?? 'confirmed', true)
    }
    default:
      return afterSettling(deps, payment, { kind: 'given-back', refund: null })
  }
}

async function afterSettling(deps: Deps, payment: Payment, settled: Settled): Promise<Confirmed> {
  switch (settled.kind) {
    case 'confirmed':
      return settled.tickets_issued
        ? answered(payment, 'succeeded', 'confirmed', true)
        : answered(payment, 'processing', 'confirmed', false)
    case 'pending':
      return answered(payment, 'processing', 'held', false)
    case 'given-back': {
      const { refund } = settled
      const sure = refund === null || refund.status === 'succeeded' || refund.provider_ref !== null
      const now = await deps.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, sure ? 'refunded' : 'processing', now?.status ?? 'expired', sure)
    }
  }
}

/** Only what will not change is remembered under the key; what had no effect sets the key free. */
async function close(deps: Deps, idempotency: Idempotency, outcome: Confirmed): Promise<void> {
  const key = { user_id: idempotency.owner, idempotency_key: idempotency.key }
  switch (outcome.kind) {
    case 'answered':
      if (!outcome.final) return
      await deps.db.none(sql.store_answer, { ...key, answer_status: 200, answer: JSON.stringify(outcome.body) })
      return
    case 'payment-failed': {
      const { detail, decline_code } = outcome
      await deps.db.none(sql.store_answer, {
        ...key,
        answer_status: 402,
        answer: JSON.stringify({ detail, decline_code }),
      })
      return
    }
    default:
      await deps.db.none(sql.drop_attempt, key)
  }
}

function answered(
  payment: Payment,
  status: ConfirmPaymentResponse['status'],
  booking_status: string,
  final: boolean,
  intent?: ProviderIntent,
): Confirmed {
  const next_action = intent?.next_action ?? null
  return {
    kind: 'answered',
    final,
    body: {
      payment_id: payment.id,
      status,
      ...(next_action === null ? {} : { next_action }),
      booking: { id: payment.booking_id, status: booking_status },
    },
  }
}
