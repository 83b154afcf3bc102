import { loadSql } from '#platform/db'
import { type ReconcileDeps, reconcile } from './reconcile.ts'

const sql = loadSql(import.meta.url, ['wake_payments', 'wake_refunds', 'wake_events'])

/**
 * Resumes at once what a dead process left unfinished, instead of at its next check. Everything it does is
 * idempotent, so it may meet the work of processes that live. Resolves to whether something was under way.
 */
export async function resume(deps: ReconcileDeps): Promise<boolean> {
  let woken = 0
  for (const statement of [sql.wake_payments, sql.wake_refunds, sql.wake_events]) woken += await deps.db.none(statement)
  await reconcile(deps, null)
  return woken > 0
}
