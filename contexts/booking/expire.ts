import { type Db, loadSql } from '#platform/db'

export type ExpireDeps = {
  db: Db
  onFreed(performance_no: number, seats: readonly number[]): void
  published(topics: readonly string[]): void
}

const sql = loadSql(import.meta.url, ['expire_batch'])
const BATCH_MAX = 500
const BATCHES_MAX = 20

/**
 * Announces expired holds; their seats could be held from the moment of expiry on already. Resolves to the number
 * announced. Concurrent sweeps are safe: one waits for the other's locks and finds its bookings expired.
 */
export async function announceExpired(deps: ExpireDeps, as_of: string | null): Promise<number> {
  let total = 0
  for (let i = 0; i < BATCHES_MAX; i++) {
    const rows = await deps.db.many<{ performance_no: number; freed: number[] }>(sql.expire_batch, {
      as_of,
      limit: BATCH_MAX,
    })
    for (const row of rows) deps.onFreed(row.performance_no, row.freed)
    total += rows.length
    if (rows.length > 0) deps.published(['booking.expired'])
    if (rows.length < BATCH_MAX) break
  }
  return total
}
