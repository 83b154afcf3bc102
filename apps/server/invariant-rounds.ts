import { type Db, loadSql } from '#platform/db'
import type { Key } from '#platform/invariants'

const sql = loadSql(import.meta.url, ['next_round', 'record_slice', 'record_failure'])

/** How far the checks of each invariant have come. In the database, so that they continue whichever process leads. */
export type Rounds = {
  /** Of these the invariant that was checked longest ago, and the last key that was checked of it. */
  next(ids: readonly string[]): Promise<{ id: string; after: Key | null }>
  /** A slice ended with the key `after`. Returns how long the last round took when the slice is the first of a new one. */
  record(slice: { id: string; after: Key | null; is_first: boolean }): Promise<number | undefined>
  /** A slice could not be checked: it is checked again, after the turns of the others. */
  recordFailure(id: string): Promise<void>
}

export function openRounds(db: Db): Rounds {
  return {
    next: (ids) => db.one(sql.next_round, { ids }),
    record: async ({ id, after, is_first }) => {
      const { round_seconds } = await db.one<{ round_seconds: number | null }>(sql.record_slice, {
        id,
        after: after === null ? null : String(after),
        is_first,
      })
      return is_first ? (round_seconds ?? undefined) : undefined
    },
    recordFailure: async (id) => {
      await db.none(sql.record_failure, { id })
    },
  }
}
