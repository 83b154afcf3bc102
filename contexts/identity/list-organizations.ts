import type { OrganizationBody } from '@tessera/contracts/http/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['organizations'])

/** The organizations of a person, with their right in each; at most `limit`, after the organization `after`. */
export async function listOrganizations(
  db: Db,
  input: { user_id: string; after: string | null; limit: number },
): Promise<OrganizationBody[]> {
  return db.many<OrganizationBody>(sql.organizations, input)
}
