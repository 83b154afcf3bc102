import { type Db, loadSql } from '#platform/db'
import { normaliseEmail } from './email.ts'

type MakeAdminOutcome = { kind: 'made-admin'; user_id: string } | { kind: 'no-account' }

const sql = loadSql(import.meta.url, ['make_admin'])

/**
 * Makes an account an admin; `db` acts as `tessera_identity`. Effective in its access tokens from the next log-in or
 * refresh on.
 */
export async function makeAdmin(db: Db, email: string): Promise<MakeAdminOutcome> {
  const row = await db.maybe<{ id: string }>(sql.make_admin, { email: normaliseEmail(email) ?? null })
  return row === undefined ? { kind: 'no-account' } : { kind: 'made-admin', user_id: row.id }
}
