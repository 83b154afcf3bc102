import { type Db, loadSql } from '#platform/db'
import type { Source } from '#platform/http'

const sql = loadSql(import.meta.url, ['take_quota'])

const WINDOW_S = 600
/** Allows for a full hall behind one address that registers within ten minutes, and stops a script. */
const QUOTA: Readonly<Record<Action, number>> = { register: 600, guest: 3_000 }

type Action = 'register' | 'guest'

/**
 * Takes `cost` (1; negative: gives it back) from each source's quota of new accounts or guests; returns the seconds to
 * wait when one is exhausted, otherwise null.
 */
export async function takeQuota(
  db: Db,
  input: { sources: readonly Source[]; action: Action; as_of: string | null; cost?: number },
): Promise<number | null> {
  const { sources, action, as_of, cost = 1 } = input
  let wait_s: number | null = null
  for (const { source, quotas } of sources) {
    const row = await db.one<{ used: number; resets_in_s: number }>(sql.take_quota, {
      source,
      action,
      as_of,
      cost,
      window_s: WINDOW_S,
    })
    if (row.used > QUOTA[action] * quotas) wait_s = Math.max(1, wait_s ?? 0, row.resets_in_s)
  }
  return wait_s
}
