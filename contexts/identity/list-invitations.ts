import type { OpenInvitation } from '@tessera/contracts/http/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['open_invitations'])

/** The open invitations of an organization, oldest first, at most `limit`, after `after`. */
export async function listInvitations(
  db: Db,
  input: { organization_id: string; after: string | null; limit: number },
): Promise<OpenInvitation[]> {
  return db.many<OpenInvitation>(sql.open_invitations, input)
}
