import type { IdentityRpc, Person } from '@tessera/contracts/rpc/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['person', 'organization'])

/** The name and address behind an id, for tickets and mails. */
export async function findPerson(db: Db, user_id: string): Promise<Person | null> {
  return (await db.maybe<Person>(sql.person, { user_id })) ?? null
}

/** The organization behind an id, as its public pages name it, and whether it may publish. */
export async function findOrganization(db: Db, organization_id: string): ReturnType<IdentityRpc['organization']> {
  const row = await db.maybe<{ organization_id: string; name: string; approved: boolean }>(sql.organization, {
    organization_id,
  })
  return row ?? null
}
