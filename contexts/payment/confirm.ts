import type { ConfirmPaymentRequest, ConfirmPaymentResponse } from '@tessera/contracts/http/payment'
import { isId } from '@tessera/contracts/ids'
import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import type { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import type { Idempotency, Source } from '#platform/http'
import type { Log } from '#platform/telemetry'
import { applyIntent, type CaptureBatcher } from './apply-intent.ts'
import { UNPAID } from './next-transition.ts'
import { type Payment, paymentById, referenceOf } from './payment.ts'
import type { PaymentLimits } from './payment-limits.ts'
import type { ProviderIntent } from './provider/provider.ts'
import type { Providers } from './provider/registry.ts'
import { type Reply, type Settled, type SettlementBatcher, settle } from './settle.ts'
import { takeOver } from './take-over.ts'

export type AttemptBatcher = { attempt: Batcher<Attempt, Opened> }

type Deps = {
  db: Db
  batchers: AttemptBatcher & CaptureBatcher & SettlementBatcher
  providers: Providers
  limits: PaymentLimits | null
  booking: BookingRpc
  log: Log
}

export type Attempt = {
  payment_id: string
  payment_method: string
  user_id: string
  idempotency_key: string
  body_hash: string
}

export type Confirm = {
  idempotency: Idempotency
  body: ConfirmPaymentRequest
  /** Where the request comes from; empty where nobody is limited. */
  sources: readonly Source[]
}

export type Confirmed =
  | { kind: 'answered'; body: ConfirmPaymentResponse; keep: 'store' | 'stored' | 'open' }
  | { kind: 'payment-failed'; detail: string; decline_code: string }
  | { kind: 'replayed'; status: number; body: unknown }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'hold-expired' }
  | { kind: 'conflict'; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'too-many-payments'; retry_after_s: number }
  | { kind: 'unavailable' }

export type Opened = Omit<Payment, 'id'> & {
  id: string | null
  opened_attempt: number | null
  known_attempt: number | null
  known_body_hash: string | null
  answer_status: number | null
  answer: unknown
}

const sql = loadSql(import.meta.url, ['open_attempts', 'drop_attempt', 'store_answer', 'mark_unknown'])

/**
 * Charges a payment method for a hold that is alive. The attempt is written before the provider is asked, under a key of
 * its own there; the answer is stored under the buyer's key once it is final. What stays open between (a crash, an
 * answer that never came) is taken up by a repeat with the same key, a webhook or the reconciler, whichever is first.
 */
export async function confirmPayment(deps: Deps, input: Confirm): Promise<Confirmed> {
  if (!isId('pay', input.body.payment_id)) return { kind: 'not-found' }
  const row = await openAttempt(deps, input)
  if (row.known_body_hash !== null) {
    if (row.known_body_hash !== input.idempotency.body_hash) return { kind: 'idempotency-mismatch' }
    if (row.answer_status !== null) return { kind: 'replayed', status: row.answer_status, body: row.answer }
  }
  if (row.id === null) {
    const theirs = await takeOver(deps, input.body.payment_id, input.idempotency.owner)
    return theirs ? confirmPayment(deps, input) : { kind: 'not-found' }
  }
  const payment: Payment = { ...row, id: row.id }
  const attempt = row.opened_attempt ?? row.known_attempt
  const outcome = UNPAID.includes(payment.status)
    ? attempt === null
      ? ({ kind: 'conflict', detail: 'This payment is not ready to be confirmed.' } as const)
      : row.opened_attempt === null
        ? await charge(deps, payment, input, attempt)
        : await chargeWithinLimits(deps, payment, input, attempt)
    : await standing(deps, payment, input)
  if (attempt !== null) await close(deps, input.idempotency, outcome)
  return outcome
}

/** Two requests with one key at the same moment: the second sees the first's attempt only when it looks again. */
async function openAttempt(deps: Deps, { idempotency, body }: Confirm): Promise<Opened> {
  const attempt = {
    payment_id: body.payment_id,
    payment_method: body.payment_method,
    user_id: idempotency.owner,
    idempotency_key: idempotency.key,
    body_hash: idempotency.body_hash,
  }
  const row = await deps.batchers.attempt.submit(attempt)
  const missed =
    row.id !== null && UNPAID.includes(row.status) && row.opened_attempt === null && row.known_attempt === null
  return missed ? deps.batchers.attempt.submit(attempt) : row
}

/** Opens attempts; each gets its payment (if it is theirs), what it opened, and what its key did before. */
export function openAttempts(db: Db, attempts: readonly Attempt[]): Promise<Opened[]> {
  return db.many<Opened>(sql.open_attempts, {
    payment_ids: attempts.map((one) => one.payment_id),
    user_ids: attempts.map((one) => one.user_id),
    idempotency_keys: attempts.map((one) => one.idempotency_key),
    body_hashes: attempts.map((one) => one.body_hash),
    payment_methods: attempts.map((one) => one.payment_method),
  })
}

/** A new attempt; a repeat of one that is open already is not counted, because its charge is the same one. */
async function chargeWithinLimits(deps: Deps, payment: Payment, input: Confirm, attempt: number): Promise<Confirmed> {
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

async function charge(deps: Deps, payment: Payment, input: Confirm, attempt: number): Promise<Confirmed> {
  const ref = payment.provider_ref
  if (ref === null) return { kind: 'conflict', detail: 'This payment is not ready to be confirmed.' }
  const payable = await deps.booking.payable({ booking_id: payment.booking_id })
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
    case 'ok':
      return conclude(deps, payment, input, reply.value)
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

/** The hold is over. Nothing is charged; but what was charged before (in the browser, by a lost try) is seen to. */
async function tooLate(deps: Deps, payment: Payment, input: Confirm, payable: Payable | null): Promise<Confirmed> {
  const seen = await deps.providers.of(payment).fetchIntent(referenceOf(payment))
  if (seen.kind === 'ok' && seen.value.status === 'succeeded') return conclude(deps, payment, input, seen.value)
  return unpayable(payable)
}

function unpayable(payable: Payable | null): Confirmed {
  if (payable?.status === 'confirmed') return { kind: 'conflict', detail: 'This booking has been paid already.' }
  if (payable?.event_cancelled) return { kind: 'conflict', detail: 'This event was cancelled; nothing was charged.' }
  return { kind: 'hold-expired' }
}

async function conclude(deps: Deps, payment: Payment, input: Confirm, intent: ProviderIntent): Promise<Confirmed> {
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
      return standing(deps, fresh ?? payment, input)
    }
    case 'requires_action':
      return answered(payment, 'requires_action', 'held', 'store', intent)
    case 'cancelled':
      return { kind: 'hold-expired' }
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

/** What can be said of a payment that is over already. */
async function standing(deps: Deps, payment: Payment, input: Confirm): Promise<Confirmed> {
  switch (payment.settlement) {
    case null:
      return unpayable(await deps.booking.payable({ booking_id: payment.booking_id }))
    case 'pending':
      return afterSettling(deps, payment, await settle(deps, payment, successOf(payment, input)))
    case 'confirmed': {
      // Who recorded this may not have lived to see the tickets issued: booking is asked again.
      const settled = await settle(deps, payment)
      if (settled.kind !== 'confirmed' || !settled.tickets_issued)
        return answered(payment, 'processing', 'confirmed', 'open')
      const now = await deps.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, 'succeeded', now?.status ?? 'confirmed', 'store')
    }
    default:
      return afterSettling(deps, payment, { kind: 'given-back', refund: null })
  }
}

function successBody(payment: Payment): ConfirmPaymentResponse {
  return { payment_id: payment.id, status: 'succeeded', booking: { id: payment.booking_id, status: 'confirmed' } }
}

function successOf(payment: Payment, { idempotency }: Confirm): Reply {
  return { owner: idempotency.owner, key: idempotency.key, answer: successBody(payment) }
}

async function afterSettling(deps: Deps, payment: Payment, settled: Settled): Promise<Confirmed> {
  switch (settled.kind) {
    case 'confirmed':
      return settled.tickets_issued
        ? { kind: 'answered', keep: 'stored', body: successBody(payment) }
        : answered(payment, 'processing', 'confirmed', 'open')
    case 'pending':
      return answered(payment, 'processing', 'held', 'open')
    case 'given-back': {
      const { refund } = settled
      const sure = refund === null || refund.status === 'succeeded' || refund.provider_ref !== null
      const now = await deps.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, sure ? 'refunded' : 'processing', now?.status ?? 'expired', sure ? 'store' : 'open')
    }
  }
}

/** Only what will not change is remembered under the key; what had no effect sets the key free. */
async function close(deps: Deps, idempotency: Idempotency, outcome: Confirmed): Promise<void> {
  const key = { user_id: idempotency.owner, idempotency_key: idempotency.key }
  switch (outcome.kind) {
    case 'answered':
      if (outcome.keep !== 'store') return
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
  keep: 'store' | 'stored' | 'open',
  intent?: ProviderIntent,
): Confirmed {
  const next_action = intent?.next_action ?? null
  return {
    kind: 'answered',
    keep,
    body: {
      payment_id: payment.id,
      status,
      ...(next_action === null ? {} : { next_action }),
      booking: { id: payment.booking_id, status: booking_status },
    },
  }
}
