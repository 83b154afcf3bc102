import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['take_quota'])

const WINDOW_S = 600
/** A hall full of people behind one address registers within ten minutes; a script that goes on does not get further. */
const QUOTA: Readonly<Record<Action, number>> = { register: 600, guest: 3_000 }

type Action = 'register' | 'guest'

/** Takes `cost` (1) from a source's quota of new accounts or guests; seconds to wait when it is used up, else null. */
export async function takeQuota(
  db: Db,
  input: { source: string; action: Action; as_of: string | null; cost?: number },
): Promise<number | null> {
  const row = await db.one<{ used: number; resets_in_s: number }>(sql.take_quota, {
    cost: 1,
    ...input,
    window_s: WINDOW_S,
  })
  return row.used > QUOTA[input.action] ? Math.max(1, row.resets_in_s) : null
}
