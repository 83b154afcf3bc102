import type { MemberBody } from '@tessera/contracts/http/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['members'])

/**
 * The team of an organization, oldest accounts first, at most `limit`, after the person `after`. With the names of
 * those who joined by their own consent.
 */
export async function listMembers(
  db: Db,
  input: { organization_id: string; after: string | null; limit: number },
): Promise<MemberBody[]> {
  return db.many<MemberBody>(sql.members, input)
}
