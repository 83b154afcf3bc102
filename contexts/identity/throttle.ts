import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['wait', 'record_failure', 'forget_failures', 'pair_blocked'])

/** Wrong passwords that one source may offer for one account before it waits. */
const FAILURES_MAX = 5
/** The first wait; each further failure doubles it, six times at most (16 h). */
const WAIT_S = 900
const DOUBLINGS_MAX = 6
/** After so much quiet a pair begins anew. */
const MEMORY_S = 24 * 3_600
/** Different accounts that one source may fail at within a window before it waits for all of them. */
const ACCOUNTS_MAX = 100
const ACCOUNTS_WINDOW_S = 900

/**
 * Who guesses at whom: the hash of the address that was typed, and the source, which for a device known to the account
 * is the device itself. So a stranger can make neither the victim's devices wait nor another source.
 */
export type Pair = { account: Buffer; source: string; as_of: string | null }

/** Seconds that this pair has to wait before its next guess; 0 = go on. */
export async function waitOf(db: Queryable, pair: Pair): Promise<number> {
  const row = await db.one<{ wait_s: number }>(sql.wait, {
    ...pair,
    accounts_max: ACCOUNTS_MAX,
    window_s: ACCOUNTS_WINDOW_S,
  })
  return Math.ceil(row.wait_s)
}

/** Counts a wrong password. `late`: others of the same pair used up its guesses while this one was being checked. */
export async function recordFailure(db: Queryable, pair: Pair): Promise<'counted' | 'late'> {
  const row = await db.maybe(sql.record_failure, {
    ...pair,
    failures_max: FAILURES_MAX,
    wait_s: WAIT_S,
    doublings_max: DOUBLINGS_MAX,
    memory_s: MEMORY_S,
  })
  return row === undefined ? 'late' : 'counted'
}

/**
 * Wipes the slate after a right password; false when the pair was made to wait while it was being checked: of many
 * parallel guesses a right one beyond the fifth must not be answered either.
 */
export async function forgetFailures(db: Queryable, pair: Pair): Promise<boolean> {
  await db.none(sql.forget_failures, pair)
  return (await db.maybe(sql.pair_blocked, pair)) === undefined
}
