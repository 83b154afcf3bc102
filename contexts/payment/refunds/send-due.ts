import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Providers } from '../provider/registry.ts'
import { trySend } from './send.ts'

type Deps = { db: Db; providers: Providers; log: Log }

/** How fast the provider may be asked; kept from run to run by who sends regularly. */
export type Pacing = { parallel: number; pause_ms: number; not_before_ms: number }

const sql = loadSql(import.meta.url, ['claim_due'])

const BATCH_SIZE = 100
/** Stripe allows 100 writes a second; 16 at a time with its usual 100-200 ms an answer stay below. */
const PARALLEL_MAX = 16
const PAUSE_MS = 500
const PAUSE_MAX_MS = 16_000
/** A run ends soon, so that a process that drains need not wait for it; the next one goes on. */
const RUN_MS = 2_000

export function freshPacing(): Pacing {
  return { parallel: PARALLEL_MAX, pause_ms: 0, not_before_ms: 0 }
}

/**
 * Sends refunds that are due, oldest first, several at a time. When the provider gives no clear answer (429, no connection,
 * its own failure) the run ends, the next begins after a pause that doubles each time, and one alone goes first. Every refund
 * is claimed for a while before it is sent, so that several processes send none twice and one that dies holds nothing up; the
 * provider's key of the refund makes a repeat harmless. With `as_of` the pause does not count.
 */
export async function sendDueRefunds(deps: Deps, as_of: string | null, pacing: Pacing = freshPacing()): Promise<void> {
  const started_ms = performance.now()
  if (as_of === null && started_ms < pacing.not_before_ms) return
  while (performance.now() < started_ms + RUN_MS) {
    const due = await deps.db.many<{ id: string; checks: number }>(sql.claim_due, {
      as_of,
      batch_size: Math.min(BATCH_SIZE, pacing.parallel * 4),
    })
    if (due.length === 0) return
    const busy = await inParallel(due, pacing.parallel, ({ id, checks }) => sendOne(deps, id, checks > 1))
    if (busy) {
      pacing.parallel = 1
      pacing.pause_ms = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MS, pacing.pause_ms * 2))
      pacing.not_before_ms = performance.now() + pacing.pause_ms
      return
    }
    pacing.parallel = Math.min(PARALLEL_MAX, pacing.parallel * 2)
    pacing.pause_ms = 0
  }
}

async function sendOne(deps: Deps, refund_id: string, repeated: boolean): Promise<{ busy: boolean }> {
  try {
    return await trySend(deps, refund_id, repeated)
  } catch (error) {
    deps.log.warn({ err: error, refund_id }, 'a refund could not be sent; it will be retried')
    return { busy: false }
  }
}

/** True when the provider was busy: what had not begun by then is left to a later claim. */
async function inParallel<T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<{ busy: boolean }>,
): Promise<boolean> {
  const rest = [...items]
  let busy = false
  const connection = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined && !busy; item = rest.shift())
      if ((await work(item)).busy) busy = true
  }
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, connection))
  return busy
}
