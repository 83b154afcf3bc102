import type { IdentityRpc, Person } from '@tessera/contracts/rpc/identity'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['people', 'organization'])

/** The names and addresses of people by id, for tickets and mails. */
export async function findPeople(db: Db, user_ids: readonly string[]): Promise<Map<string, Person>> {
  const people = await db.many<Person>(sql.people, { user_ids })
  return new Map(people.map((person) => [person.user_id, person]))
}

/** The name of an organization by id, for public pages, and whether it may publish. */
export async function findOrganization(db: Db, organization_id: string): ReturnType<IdentityRpc['organization']> {
  const row = await db.maybe<{ organization_id: string; name: string; approved: boolean }>(sql.organization, {
    organization_id,
  })
  return row ?? null
}
