import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Providers } from '../provider/registry.ts'
import { trySend } from './send.ts'

type Deps = { db: Db; providers: Providers; log: Log }

type Pace = { parallel_max?: number; pause_ms?: number; run_ms?: number }

const sql = loadSql(import.meta.url, ['claim_due'])

const BATCH_SIZE = 100
/** Stripe allows 100 writes a second; 16 at a time with its usual 100-200 ms an answer stay below. */
const PARALLEL_MAX = 16
const PAUSE_MS = 500
const PAUSE_MAX_MS = 16_000
/** One run ends after this time at the latest, so that the job is seen to be alive. */
const RUN_MS = 30_000

/**
 * Sends refunds that are due, oldest first, several at a time. When the provider gives no clear answer (429, no connection,
 * its own failure) everybody pauses, twice as long each time, and one alone goes first afterwards. Every refund is claimed
 * for a while before it is sent, so that several processes send none twice and one that dies holds nothing up; the
 * provider's key of the refund makes a repeat harmless. Resolves to how many the provider has answered.
 */
export async function sendDueRefunds(deps: Deps, as_of: string | null, pace: Pace = {}): Promise<number> {
  const { parallel_max = PARALLEL_MAX, pause_ms = PAUSE_MS, run_ms = RUN_MS } = pace
  const until_ms = performance.now() + run_ms
  let answered = 0
  let parallel = parallel_max
  let pause = 0
  while (performance.now() < until_ms) {
    const due = await deps.db.many<{ id: string; checks: number }>(sql.claim_due, {
      as_of,
      batch_size: Math.min(BATCH_SIZE, parallel * 4),
    })
    if (due.length === 0) break
    const busy = await inParallel(due, parallel, async ({ id, checks }) => {
      const sent = await sendOne(deps, id, checks > 1)
      if (!sent.busy) answered++
      return sent
    })
    pause = busy ? Math.min(PAUSE_MAX_MS, Math.max(pause_ms, pause * 2)) : 0
    parallel = busy ? 1 : Math.min(parallel_max, parallel * 2)
    if (busy) await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return answered
}

async function sendOne(deps: Deps, refund_id: string, repeated: boolean): Promise<{ busy: boolean }> {
  try {
    return await trySend(deps, refund_id, repeated)
  } catch (error) {
    deps.log.warn({ err: error, refund_id }, 'a refund could not be sent; it comes again')
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
