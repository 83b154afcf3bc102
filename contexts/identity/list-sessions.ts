import { type Db, loadSql } from '#platform/db'

type SessionRow = {
  id: string
  created_at: string
  last_used_at: string
  expires_at: string
  ip: string
  user_agent: string | null
  current: boolean
}

const sql = loadSql(import.meta.url, ['live_sessions'])

/** A person's live sessions, newest first, at most `limit`, begun before the session `before`. */
export async function listSessions(
  db: Db,
  input: { user_id: string; current_id: string; before: string | null; limit: number },
): Promise<SessionRow[]> {
  return db.many<SessionRow>(sql.live_sessions, input)
}
