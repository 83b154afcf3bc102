import { newId } from '@tessera/contracts/ids'
import { type Db, loadSql } from '#platform/db'
import type { KnownKeys } from './known-keys.ts'

export type KnownHold = {
  booking_id: string
  performance_no: number
  body_hash: string
  line_seats: number[]
  line_tiers: number[]
  line_quantities: number[]
  line_prices: number[]
  total: number
  expires_at: string
}

type Row = KnownHold & { owner_id: string; key: string }
type Question = {
  owner_id: string
  key: string
  resolve(row: KnownHold | undefined): void
  reject(error: unknown): void
}

const sql = loadSql(import.meta.url, ['by_key', 'recent_keys'])
const BATCH_MAX = 512
const KEYS_PAGE = 50_000
/** Keys are kept at least this long. */
const KEYS_KEPT_MS = 7 * 24 * 60 * 60 * 1_000

/** Finds holds by (owner, key), many in one query: whatever was asked while the last look-up was under way. */
export class KeyLookup {
  readonly #db: Db
  #questions: Question[] = []
  #busy = false

  constructor(db: Db) {
    this.#db = db
  }

  find(owner_id: string, key: string): Promise<KnownHold | undefined> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ owner_id, key, resolve, reject })
      if (!this.#busy) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#busy = true
    while (this.#questions.length > 0) {
      const batch = this.#questions.splice(0, BATCH_MAX)
      try {
        const rows = await this.#db.many<Row>(sql.by_key, {
          owners: batch.map((q) => q.owner_id),
          keys: batch.map((q) => q.key),
        })
        const found = new Map(rows.map((row) => [`${row.owner_id} ${row.key}`, row]))
        for (const question of batch) question.resolve(found.get(`${question.owner_id} ${question.key}`))
      } catch (error) {
        for (const question of batch) question.reject(error)
      }
    }
    this.#busy = false
  }
}

/**
 * Reads the keys of the last seven days into the filter, newest first; from then on a refusal of a fresh key needs no
 * look-up. Ids carry their time of birth, so the primary key bounds the reading.
 */
export async function loadKnownKeys(db: Db, keys: KnownKeys, stopped: () => boolean): Promise<void> {
  const after = newId('bk', Date.now() - KEYS_KEPT_MS)
  let before = 'bk_~'
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
