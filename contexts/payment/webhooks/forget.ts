import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['forget_events'])

/** As long as a provider lists its events: none that we have forgotten comes again. */
const KEPT_FOR = '30 days'
const BATCH_SIZE = 5_000
/** A run ends soon, so that a process that drains need not wait for it; the next one goes on. */
const RUN_MS = 2_000

/** Deletes what webhooks and polls brought more than 30 days ago and is done with. What waits for anything stays. */
export async function forgetEvents(db: Db, as_of: string | null): Promise<void> {
  const until_ms = performance.now() + RUN_MS
  let deleted = BATCH_SIZE
  while (deleted === BATCH_SIZE && performance.now() < until_ms) {
    deleted = (await db.many(sql.forget_events, { as_of, kept_for: KEPT_FOR, batch_size: BATCH_SIZE })).length
  }
}
