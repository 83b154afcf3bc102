import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'

const sql = loadSql(import.meta.url, ['revoked_since'])

/** How long another process may miss a sign-out when its signal is lost. */
const POLL_MS = 1_000
/**
 * Age of the revocations that are read at a start: twice the life of an access token, because clocks differ a little.
 */
const FIRST_S = 30 * 60
/** Age of those read each time after: a transaction may commit some seconds after its time. */
const OVERLAP_S = 60

export type Revocations = { stop(): void }

/**
 * Reads revoked sessions, once before it resolves and then every second, and signals them within this process as
 * `sessions-revoked`: access tokens outlive restarts and lost signals, so revocations must depend on neither.
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
    // Older ones than the overlap are not read again, so they need not be remembered.
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
      deps.log.warn({ err: error }, 'revoked sessions could not be read; retrying')
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void poll(), deps.poll_ms ?? POLL_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
