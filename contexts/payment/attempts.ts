import type { ConfirmPaymentRequest } from '@tessera/contracts/http/payment'
import type { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import type { Idempotency } from '#platform/http'
import type { ConfirmOutcome } from './confirm-answer.ts'
import { UNPAID } from './next-transition.ts'
import type { Payment } from './payment.ts'

export type AttemptBatcher = { attempt: Batcher<Attempt, OpenedAttempt> }

export type Attempt = {
  payment_id: string
  payment_method: string
  user_id: string
  idempotency_key: string
  body_hash: string
}

/** Attempts are numbered over all payments. */
type Attempts = {
  /** What this call opened. Null: the payment cannot be paid now, or the key was used before. */
  opened_attempt: number | null
  /** What the key opened before, with its final answer if it has one. */
  known_attempt: number | null
  known_body_hash: string | null
  answer_status: number | null
  answer: unknown
}

/** The payment is null where there is none or it is another person's. */
export type OpenedAttempt = Attempts & { payment: Payment | null }

/** A left join: the columns of the payment are all there or all null. */
type AttemptRow = Attempts & (Payment | { id: null })

const sql = loadSql(import.meta.url, ['open_attempts', 'drop_attempt', 'store_answer'])

/**
 * Opens an attempt, or finds the key's earlier one. Of two requests with one key at the same moment, the second sees the
 * first's attempt only when it looks again.
 */
export async function openAttempt(
  deps: { batchers: AttemptBatcher },
  { idempotency, body }: { idempotency: Idempotency; body: ConfirmPaymentRequest },
): Promise<OpenedAttempt> {
  const attempt = {
    payment_id: body.payment_id,
    payment_method: body.payment_method,
    user_id: idempotency.owner,
    idempotency_key: idempotency.key,
    body_hash: idempotency.body_hash,
  }
  const opened = await deps.batchers.attempt.submit(attempt)
  const { payment, opened_attempt, known_attempt } = opened
  const missed =
    payment !== null && UNPAID.includes(payment.status) && opened_attempt === null && known_attempt === null
  return missed ? deps.batchers.attempt.submit(attempt) : opened
}

/** Opens attempts; each gets its payment (if it is theirs), what it opened, and what its key did before. */
export async function openAttempts(db: Db, attempts: readonly Attempt[]): Promise<OpenedAttempt[]> {
  const rows = await db.many<AttemptRow>(sql.open_attempts, {
    payment_ids: attempts.map((one) => one.payment_id),
    user_ids: attempts.map((one) => one.user_id),
    idempotency_keys: attempts.map((one) => one.idempotency_key),
    body_hashes: attempts.map((one) => one.body_hash),
    payment_methods: attempts.map((one) => one.payment_method),
  })
  return rows.map(({ opened_attempt, known_attempt, known_body_hash, answer_status, answer, ...payment }) => ({
    opened_attempt,
    known_attempt,
    known_body_hash,
    answer_status,
    answer,
    payment: payment.id === null ? null : payment,
  }))
}

/** Only what will not change is remembered under the key; what had no effect sets the key free. */
export async function closeAttempt(deps: { db: Db }, idempotency: Idempotency, outcome: ConfirmOutcome): Promise<void> {
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
