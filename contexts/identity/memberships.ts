import type { Membership } from '@tessera/contracts/rpc/identity'
import { LRUCache } from 'lru-cache'
import { type Db, loadSql } from '#platform/db'

export type Memberships = {
  of(user_id: string): Promise<Membership[]>
  /** The next question goes to the database, and no answer under way is kept. */
  forget(user_id: string): void
}

const sql = loadSql(import.meta.url, ['memberships_of'])

/** How long another process's change may go unseen when its signal is lost. */
const AGE_MAX_MS = 2_000
const PEOPLE_MAX = 10_000

/**
 * Who belongs where, remembered for 2 s: every permission of an organization's people asks this. People without any
 * membership are not remembered, so a first grant is seen at once in every process.
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
