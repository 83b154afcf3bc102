import { type Db, loadSql, type Tx } from '#platform/db'
import type { Answer, Idempotency, Outcome } from './answer.ts'

type StoredRow = { body_hash: string; status: number | null; body: unknown }

const sql = loadSql(import.meta.url, ['claim', 'stored', 'remember'])

/** Carries a refusal out of the transaction, so that it rolls back with its key. */
class RolledBack extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super('refused')
    this.outcome = outcome
  }
}

/**
 * Runs `effect` in a transaction, once per key: the key is claimed first and the answer stored beside the effect, so a
 * repeat gets the same answer and a concurrent one waits for the first. A refusal rolls everything back and binds
 * nothing. Without a key it is a plain transaction.
 */
export async function onceByKey(
  db: Db,
  idempotency: Idempotency | null,
  effect: (tx: Tx) => Promise<Outcome>,
  options?: { settings?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  try {
    return await db.transaction(async (tx) => {
      if (idempotency !== null && (await tx.maybe(sql.claim, idempotency)) === undefined) {
        return replay(await tx.one<StoredRow>(sql.stored, idempotency), idempotency)
      }
      const outcome = await effect(tx)
      if (outcome.kind !== 'answer') throw new RolledBack(outcome)
      if (idempotency !== null) {
        await tx.none(sql.remember, {
          owner: idempotency.owner,
          operation: idempotency.operation,
          key: idempotency.key,
          status: outcome.status,
          body: JSON.stringify(outcome.body ?? null),
        })
      }
      return outcome
    }, options ?? {})
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome
    throw error
  }
}

function replay(row: StoredRow, idempotency: Idempotency): Answer | { kind: 'idempotency-mismatch' } {
  if (row.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
  return { kind: 'answer', status: row.status ?? 200, body: row.body, headers: { 'idempotent-replayed': 'true' } }
}
