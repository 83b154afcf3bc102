import { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import { type Answer, answer, type Idempotency, type Outcome } from '#platform/http'

type StoredRow = { owner: string; key: string; body_hash: string; status: number | null; body: unknown }
type Ended = { idempotency: Idempotency; outcome: Outcome }

const sql = loadSql(import.meta.url, ['claim', 'remember', 'release'])
const LIMITS = { batch_size_max: 256, in_flight_max: 1, queue_length_max: 20_000 }
const keysOf = ({ owner, key }: Idempotency): string[] => [`${owner} ${key}`]

/**
 * The idempotency keys of confirmations. They cannot be stored in the transaction of the effect, as `onceByKey` does: a
 * confirmation is settled in a batch with others. The key is claimed before and its answer stored after; if the process
 * ends in between, the retry repeats the confirmation, which is idempotent. Both are batched (`platform/batching`).
 */
export class ConfirmKeys {
  readonly #claims: Batcher<Idempotency, StoredRow>
  readonly #ends: Batcher<Ended, Outcome>

  constructor(db: Db) {
    this.#claims = new Batcher({ ...LIMITS, keysOf, run: (claims) => claim(db, claims) })
    this.#ends = new Batcher({
      ...LIMITS,
      keysOf: ({ idempotency }) => keysOf(idempotency),
      run: (ended) => end(db, ended),
    })
  }

  /**
   * Runs `effect`, or returns the stored answer of this key. Another body under the key is an `idempotency-mismatch`; a
   * refusal binds nothing.
   */
  async once(idempotency: Idempotency, effect: () => Promise<Outcome>): Promise<Outcome> {
    const stored = await this.#claims.submit(idempotency)
    if (stored.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
    if (stored.status !== null) return answer(stored.status, stored.body, { 'idempotent-replayed': 'true' })
    return this.#ends.submit({ idempotency, outcome: await effect() })
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drain(): Promise<void> {
    await this.#claims.drain()
    await this.#ends.drain()
  }
}

const namesOf = (keys: readonly Idempotency[]) => ({
  operation: keys[0]?.operation,
  owners: keys.map(({ owner }) => owner),
  keys: keys.map(({ key }) => key),
})

async function claim(db: Db, claims: readonly Idempotency[]): Promise<StoredRow[]> {
  const params = { ...namesOf(claims), body_hashes: claims.map(({ body_hash }) => body_hash) }
  const rows = await db.many<StoredRow>(sql.claim, params)
  const found = new Map(rows.map((row) => [`${row.owner} ${row.key}`, row]))
  return claims.map(({ owner, key }) => {
    const row = found.get(`${owner} ${key}`)
    if (row === undefined) throw new Error('claim answered fewer keys than it was given')
    return row
  })
}

async function end(db: Db, ended: readonly Ended[]): Promise<Outcome[]> {
  const answers: { idempotency: Idempotency; answered: Answer }[] = []
  const refused: Idempotency[] = []
  for (const { idempotency, outcome } of ended) {
    if (outcome.kind === 'answer') answers.push({ idempotency, answered: outcome })
    else refused.push(idempotency)
  }
  const stored = new Map<string, StoredRow>()
  if (answers.length > 0) {
    const rows = await db.many<StoredRow>(sql.remember, {
      ...namesOf(answers.map(({ idempotency }) => idempotency)),
      statuses: answers.map(({ answered }) => answered.status),
      bodies: answers.map(({ answered }) => JSON.stringify(answered.body ?? null)),
    })
    for (const row of rows) stored.set(`${row.owner} ${row.key}`, row)
  }
  if (refused.length > 0) await db.none(sql.release, namesOf(refused))
  return ended.map(({ idempotency, outcome }) => {
    const row = outcome.kind === 'answer' ? stored.get(`${idempotency.owner} ${idempotency.key}`) : undefined
    return row === undefined || row.status === null ? outcome : answer(row.status, row.body)
  })
}
