import type { Membership } from '@tessera/contracts/rpc/identity'
import { LRUCache } from 'lru-cache'
import { type Db, loadSql } from '#platform/db'

export type Memberships = {
  of(user_id: string): Promise<Membership[]>
  /** Drops the cached value; a read in progress is not cached either. */
  forget(user_id: string): void
}

const sql = loadSql(import.meta.url, ['memberships_of'])

/** Maximum age of a cached membership when its signal is lost. */
const AGE_MAX_MS = 2_000
const PEOPLE_MAX = 10_000

/**
 * The memberships of a person, cached for 2 s: every permission check of an organization's members reads them. An empty
 * result is not cached, so a first grant is effective at once in every process.
 */
export function createMemberships(db: Db, now_ms: () => number = () => performance.now()): Memberships {
  const known = new LRUCache<string, { rows: Promise<Membership[]>; loaded_at_ms: number }>({ max: PEOPLE_MAX })
  const load = (user_id: string): Promise<Membership[]> => {
    const entry = { rows: db.many<Membership>(sql.memberships_of, { user_id }), loaded_at_ms: now_ms() }
    known.set(user_id, entry)
    const drop = (): void => {
      if (known.peek(user_id) === entry) known.delete(user_id)
    }
    entry.rows.then((rows) => {
      if (rows.length === 0) drop()
    }, drop)
    return entry.rows
  }
  return {
    of: (user_id) => {
      const entry = known.get(user_id)
      return entry !== undefined && now_ms() - entry.loaded_at_ms < AGE_MAX_MS ? entry.rows : load(user_id)
    },
    forget: (user_id) => {
      known.delete(user_id)
    },
  }
}
