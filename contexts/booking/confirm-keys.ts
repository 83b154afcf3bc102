import { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import { type Answer, answer, type Idempotency, type Outcome } from '#platform/http'

type StoredRow = { owner: string; key: string; body_hash: string; status: number | null; body: unknown }
type Finished = { idempotency: Idempotency; outcome: Outcome }

const sql = loadSql(import.meta.url, ['begin', 'finish', 'forget'])
const LIMITS = { batch_size_max: 256, in_flight_max: 1, queue_length_max: 20_000 }
const keysOf = ({ owner, key }: Idempotency): string[] => [`${owner} ${key}`]

/**
 * The idempotency keys of confirmations. They cannot be stored in the transaction of the effect, as `onceByKey` does: a
 * confirmation is settled in a batch with others. The key is recorded before and its answer after; if the process
 * ends in between, the retry repeats the confirmation, which is idempotent. Both are batched (`platform/batching`).
 */
export class ConfirmKeys {
  readonly #begins: Batcher<Idempotency, StoredRow>
  readonly #finishes: Batcher<Finished, Outcome>

  constructor(db: Db) {
    this.#begins = new Batcher({ ...LIMITS, keysOf, run: (keys) => begin(db, keys) })
    this.#finishes = new Batcher({
      ...LIMITS,
      keysOf: ({ idempotency }) => keysOf(idempotency),
      run: (finished) => finish(db, finished),
    })
  }

  /**
   * Runs `effect`, or returns the stored answer of this key. Another body under the key is an `idempotency-mismatch`; a
   * refusal binds nothing.
   */
  async once(idempotency: Idempotency, effect: () => Promise<Outcome>): Promise<Outcome> {
    const stored = await this.#begins.submit(idempotency)
    if (stored.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
    if (stored.status !== null) return answer(stored.status, stored.body, { 'idempotent-replayed': 'true' })
    return this.#finishes.submit({ idempotency, outcome: await effect() })
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drain(): Promise<void> {
    await this.#begins.drain()
    await this.#finishes.drain()
  }
}

const namesOf = (keys: readonly Idempotency[]) => ({
  operation: keys[0]?.operation,
  owners: keys.map(({ owner }) => owner),
  keys: keys.map(({ key }) => key),
})

async function begin(db: Db, begun: readonly Idempotency[]): Promise<StoredRow[]> {
  const params = { ...namesOf(begun), body_hashes: begun.map(({ body_hash }) => body_hash) }
  const rows = await db.many<StoredRow>(sql.begin, params)
  const found = new Map(rows.map((row) => [`${row.owner} ${row.key}`, row]))
  return begun.map(({ owner, key }) => {
    const row = found.get(`${owner} ${key}`)
    if (row === undefined) throw new Error('begin answered fewer keys than it was given')
    return row
  })
}

async function finish(db: Db, finished: readonly Finished[]): Promise<Outcome[]> {
  const answers: { idempotency: Idempotency; answered: Answer }[] = []
  const refused: Idempotency[] = []
  for (const { idempotency, outcome } of finished) {
    if (outcome.kind === 'answer') answers.push({ idempotency, answered: outcome })
    else refused.push(idempotency)
  }
  const stored = new Map<string, StoredRow>()
  if (answers.length > 0) {
    const rows = await db.many<StoredRow>(sql.finish, {
      ...namesOf(answers.map(({ idempotency }) => idempotency)),
      statuses: answers.map(({ answered }) => answered.status),
      bodies: answers.map(({ answered }) => JSON.stringify(answered.body ?? null)),
    })
    for (const row of rows) stored.set(`${row.owner} ${row.key}`, row)
  }
  if (refused.length > 0) await db.none(sql.forget, namesOf(refused))
  return finished.map(({ idempotency, outcome }) => {
    const row = outcome.kind === 'answer' ? stored.get(`${idempotency.owner} ${idempotency.key}`) : undefined
    return row === undefined || row.status === null ? outcome : answer(row.status, row.body)
  })
}
