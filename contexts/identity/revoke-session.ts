import { loadSql, type Tx } from '#platform/db'

type RevokeSessionOutcome = { kind: 'revoked' } | { kind: 'not-found' }

const sql = loadSql(import.meta.url, ['revoke_session'])

/** Ends one of a person's own sessions. The caller announces it after the commit. */
export async function revokeSession(
  tx: Tx,
  input: { user_id: string; session_id: string },
): Promise<RevokeSessionOutcome> {
  const row = await tx.maybe(sql.revoke_session, input)
  return row === undefined ? { kind: 'not-found' } : { kind: 'revoked' }
}
