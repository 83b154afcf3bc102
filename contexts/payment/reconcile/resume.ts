import { loadSql } from '#platform/db'
import { type ReconcileDeps, reconcile } from './reconcile.ts'

const sql = loadSql(import.meta.url, ['wake'])

/**
 * Drives on at once whatever stood in between when its process died, instead of at its next look. Everything it does is
 * idempotent, so it may meet the work of processes that live. Resolves to whether something was under way.
 */
export async function resume(deps: ReconcileDeps): Promise<boolean> {
  const { woken } = await deps.db.one<{ woken: number }>(sql.wake)
  await reconcile(deps, null)
  return woken > 0
}
