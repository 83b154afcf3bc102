import { type Db, loadSql } from '#platform/db'
import type { Signals } from '#platform/signals'
import { announceRevoked } from './signals.ts'
import { tokenHash } from './tokens.ts'

type Deps = { db: Db; signals: Signals }

const sql = loadSql(import.meta.url, ['revoke'])

/** Ends the session of this access token and the family of this refresh token, used or not. Idempotent. */
export async function logout(
  deps: Deps,
  input: { session_id: string | null; refresh_token: string | null },
): Promise<void> {
  const rows = await deps.db.many<{ id: string }>(sql.revoke, {
    session_id: input.session_id,
    token_hash: input.refresh_token === null ? null : tokenHash(input.refresh_token),
  })
  announceRevoked(
    deps.signals,
    rows.map((row) => row.id),
  )
}
