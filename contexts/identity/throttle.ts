import { loadSql, type Queryable } from '#platform/db'
import type { Source } from '#platform/http'

const sql = loadSql(import.meta.url, ['wait', 'record_failure', 'forget_failures', 'pair_blocked'])

/** Failures of one source at one account before it has to wait; the network around it has 16 times as many. */
const FAILURES_MAX = 5
/** The first wait; each further failure doubles it, six times at most (16 h). */
const WAIT_S = 900
const DOUBLINGS_MAX = 6
/** After this time without failures a pair starts over. */
const MEMORY_S = 24 * 3_600
/** Different accounts at which one source may fail within a window before it has to wait for all of them. */
const ACCOUNTS_MAX = 100
const ACCOUNTS_WINDOW_S = 900

/**
 * Failures at one account from all unknown devices together before each further one has to wait a minute. Constant: a
 * guesser with many networks gets 1,440 attempts a day, and nobody can lock the owner out for long.
 */
const ACCOUNT_FAILURES_MAX = 100
const ACCOUNT_WAIT_S = 60
const EVERYWHERE = 'everywhere'

/**
 * Counts failures per account and source, by the hash of the typed address. For a device known to the account the
 * source is the device itself, so others can make neither the owner's devices nor other sources wait.
 */
type Pair = {
  account: Buffer
  source: string
  failures_max: number
  /** Different accounts at which the source may fail; null: any number. */
  accounts_max: number | null
  wait_s: number
  doublings_max: number
  /** Whether a right password resets the count. */
  forgets: boolean
}

/** All counts that apply to one guess. */
export type Attempt = { pairs: readonly Pair[]; as_of: string | null }

/**
 * The counts for a guess: of its device when the account knows it, otherwise of its sources and of the account as a
 * whole.
 */
export function attemptOf(input: {
  account: Buffer
  device: string | null
  sources: readonly Source[]
  as_of: string | null
}): Attempt {
  const { account, device, as_of } = input
  const wait = { account, wait_s: WAIT_S, doublings_max: DOUBLINGS_MAX, forgets: true }
  const limited = ({ source, quotas }: Source): Pair => ({
    ...wait,
    source,
    failures_max: FAILURES_MAX * quotas,
    accounts_max: ACCOUNTS_MAX * quotas,
  })
  if (device !== null) return { pairs: [limited({ source: device, quotas: 1 })], as_of }
  const everywhere: Pair = {
    account,
    source: EVERYWHERE,
    failures_max: ACCOUNT_FAILURES_MAX,
    accounts_max: null,
    wait_s: ACCOUNT_WAIT_S,
    doublings_max: 0,
    forgets: false,
  }
  return { pairs: [...input.sources.map(limited), everywhere], as_of }
}

/** Seconds to wait before the next guess; 0 = none. */
export async function waitOf(db: Queryable, { pairs, as_of }: Attempt): Promise<number> {
  let wait_s = 0
  for (const { account, source, accounts_max } of pairs) {
    const row = await db.one<{ wait_s: number }>(sql.wait, {
      account,
      source,
      accounts_max,
      window_s: ACCOUNTS_WINDOW_S,
      as_of,
    })
    wait_s = Math.max(wait_s, Math.ceil(row.wait_s))
  }
  return wait_s
}

/** Counts a wrong password. `overtaken`: concurrent guesses used up the limit while this one was being checked. */
export async function recordFailure(db: Queryable, { pairs, as_of }: Attempt): Promise<'counted' | 'overtaken'> {
  for (const { account, source, failures_max, wait_s, doublings_max } of pairs) {
    const limits = { failures_max, wait_s, doublings_max, memory_s: MEMORY_S }
    const row = await db.maybe(sql.record_failure, { account, source, as_of, ...limits })
    if (row === undefined) return 'overtaken'
  }
  return 'counted'
}

/**
 * Resets the counts of this device or these sources after a right password; false when one had to wait by then: of many
 * parallel guesses a right one beyond the limit must not be answered either.
 */
export async function forgetFailures(db: Queryable, { pairs, as_of }: Attempt): Promise<boolean> {
  for (const { account, source, forgets } of pairs) {
    if (forgets) await db.none(sql.forget_failures, { account, source, as_of })
    if ((await db.maybe(sql.pair_blocked, { account, source, as_of })) !== undefined) return false
  }
  return true
}
