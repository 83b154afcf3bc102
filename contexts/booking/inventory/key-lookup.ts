import { lastId, newId } from '@tessera/contracts/ids'
import { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import { KEYS_KEPT_MS, type KnownKeys } from './known-keys.ts'

export type KnownHold = {
  booking_id: string
  performance_no: number
  body_hash: string
  line_seats: number[]
  line_tiers: number[]
  line_quantities: number[]
  line_prices: number[]
  expires_at: string
}

type Row = KnownHold & { owner_id: string; key: string }
type Question = { owner_id: string; key: string }

const sql = loadSql(import.meta.url, ['by_key', 'recent_keys'])
const LIMITS = { batch_size_max: 512, in_flight_max: 1, queue_length_max: 20_000 }
const KEYS_PAGE = 50_000

/** Finds holds by (owner, key), many in one query (`platform/batching`). */
export class KeyLookup {
  readonly #batcher: Batcher<Question, KnownHold | undefined>

  constructor(db: Db) {
    this.#batcher = new Batcher({ ...LIMITS, run: (questions) => answersTo(db, questions) })
  }

  find(owner_id: string, key: string): Promise<KnownHold | undefined> {
    return this.#batcher.submit({ owner_id, key })
  }
}

async function answersTo(db: Db, questions: readonly Question[]): Promise<(KnownHold | undefined)[]> {
  const rows = await db.many<Row>(sql.by_key, {
    owners: questions.map((question) => question.owner_id),
    keys: questions.map((question) => question.key),
  })
  const found = new Map(rows.map((row) => [`${row.owner_id} ${row.key}`, row]))
  return questions.map(({ owner_id, key }) => found.get(`${owner_id} ${key}`))
}

/**
 * Reads the keys of the last seven days into the filter, newest first; from then on refusing an unknown key needs no
 * look-up. Ids contain their time and the column compares by byte, so the primary key bounds the read.
 */
export async function loadKnownKeys(db: Db, keys: KnownKeys, stopped: () => boolean): Promise<void> {
  const after = newId('bk', Date.now() - KEYS_KEPT_MS)
  let before = lastId('bk')
  while (!stopped()) {
    const rows = await db.many<{ booking_id: string; owner_id: string; key: string }>(sql.recent_keys, {
      before,
      after,
      limit: KEYS_PAGE,
    })
    for (const row of rows) keys.add(row.owner_id, row.key)
    const last = rows.at(-1)
    if (last === undefined) return keys.completed()
    before = last.booking_id
  }
}
