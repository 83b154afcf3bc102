import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'

const sql = loadSql(import.meta.url, ['revoked_since'])

/** How long a sign-out on one process may go unseen by another when its signal is lost. */
const POLL_MS = 1_000
/** Revocations of the last so many seconds are read at a start: twice the life of an access token, clocks differ a little. */
const FIRST_S = 30 * 60
/** And of these each time after: a transaction may commit some seconds after its time. */
const OVERLAP_S = 60

export type Revocations = { stop(): void }

/**
 * Reads which sessions were revoked, once before it resolves and then every second, and tells this process as
 * `sessions-revoked`: access tokens outlive restarts and lost signals, so revocations must not rest on either.
 */
export async function watchRevocations(deps: {
  db: Db
  tell: (session_ids: readonly string[]) => void
  log: Log
  poll_ms?: number
}): Promise<Revocations> {
  let told = new Set<string>()
  const read = async (within_s: number): Promise<void> => {
    const rows = await deps.db.many<{ id: string }>(sql.revoked_since, { within_s })
    const fresh = rows.map((row) => row.id).filter((id) => !told.has(id))
    // What is older than the overlap is not read again, so there is no need to remember it.
    told = new Set(rows.map((row) => row.id))
    if (fresh.length > 0) deps.tell(fresh)
  }
  await read(FIRST_S)
  let missed_since: number | null = null
  let busy = false
  const poll = async (): Promise<void> => {
    if (busy) return
    busy = true
    const begun = performance.now()
    try {
      const missed_s = missed_since === null ? 0 : Math.ceil((begun - missed_since) / 1_000)
      await read(OVERLAP_S + missed_s)
      missed_since = null
    } catch (error) {
      missed_since ??= begun
      deps.log.warn({ err: error }, 'revoked sessions could not be read; reading again')
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void poll(), deps.poll_ms ?? POLL_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
