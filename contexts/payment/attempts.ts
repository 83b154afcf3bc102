import type { ConfirmPaymentRequest } from '@tessera/contracts/http/payment'
import type { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import type { Idempotency } from '#platform/http'
import type { ConfirmOutcome } from './confirm-answer.ts'
import { UNPAID } from './next-transition.ts'
import type { Payment } from './payment.ts'

export type AttemptBatcher = { attempt: Batcher<Attempt, AttemptRow> }

export type Attempt = {
  payment_id: string
  payment_method: string
  user_id: string
  idempotency_key: string
  body_hash: string
}

export type AttemptRow = Omit<Payment, 'id'> & {
  id: string | null
  opened_attempt: number | null
  known_attempt: number | null
  known_body_hash: string | null
  answer_status: number | null
  answer: unknown
}

const sql = loadSql(import.meta.url, ['open_attempts', 'drop_attempt', 'store_answer'])

/**
 * Opens an attempt, or finds the key's earlier one. Two requests with one key at the same moment: the second sees the first's attempt only when it looks again.
 */
export async function openAttempt(
  deps: { batchers: AttemptBatcher },
  { idempotency, body }: { idempotency: Idempotency; body: ConfirmPaymentRequest },
): Promise<AttemptRow> {
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
export function openAttempts(db: Db, attempts: readonly Attempt[]): Promise<AttemptRow[]> {
  return db.many<AttemptRow>(sql.open_attempts, {
    payment_ids: attempts.map((one) => one.payment_id),
    user_ids: attempts.map((one) => one.user_id),
    idempotency_keys: attempts.map((one) => one.idempotency_key),
    body_hashes: attempts.map((one) => one.body_hash),
    payment_methods: attempts.map((one) => one.payment_method),
  })
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
