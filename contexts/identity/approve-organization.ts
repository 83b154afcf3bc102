import type { FoundedOrganization } from '@tessera/contracts/http/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['approve', 'organizations_by_state'])

/** Lets an organization publish; repeating it changes nothing. Undefined: no such organization. */
export async function approveOrganization(
  db: Db,
  input: { organization_id: string; admin_id: string },
): Promise<FoundedOrganization | undefined> {
  return db.maybe<FoundedOrganization>(sql.approve, input)
}

/** The organizations in a state, or all; at most `limit`, after the organization `after`. */
export async function organizationsByState(
  db: Db,
  input: { state: 'pending' | 'approved' | null; after: string | null; limit: number },
): Promise<FoundedOrganization[]> {
  return db.many<FoundedOrganization>(sql.organizations_by_state, input)
}
