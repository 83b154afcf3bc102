import { newId } from '@tessera/contracts/ids'
import { createPasswords, type Passwords } from '#platform/auth'
import { type Db, loadSql, type Tx } from '#platform/db'
import { addMember } from './add-member.ts'
import { createOrganization } from './create-organization.ts'

/** Acts as `tessera_identity`. */
type Deps = { db: Db }

/** Ids of the demo accounts (by the part of their address before the @) and organizations. */
export type DemoPeople = {
  users: Readonly<Record<DemoName, string>>
  organizations: { lantern_hall: string; northside: string }
}

type DemoName = keyof typeof PEOPLE

const PASSWORD = 'tessera-demo'
const PEOPLE = {
  organizer: { first_name: 'Mara', last_name: 'Lindqvist', role: 'attendee' },
  organizer2: { first_name: 'Theo', last_name: 'Okafor', role: 'attendee' },
  boxoffice: { first_name: 'June', last_name: 'Castellanos', role: 'attendee' },
  door: { first_name: 'Piotr', last_name: 'Zieliński', role: 'attendee' },
  admin: { first_name: 'Ada', last_name: 'Brandt', role: 'admin' },
  attendee: { first_name: 'Noor', last_name: 'Haddad', role: 'attendee' },
  attendee2: { first_name: 'Kenji', last_name: 'Watanabe', role: 'attendee' },
} as const

const sql = loadSql(import.meta.url, ['put_people', 'lock_people', 'find_organization', 'retire_people'])

/** Makes missing demo accounts and their two organizations; existing ones stay as they are. */
export async function seedDemoUsers(deps: Deps): Promise<DemoPeople> {
  const names = Object.keys(PEOPLE) as DemoName[]
  const people = names.map((name) => ({ ...PEOPLE[name], id: newId('usr'), email: `${name}@demo.test` }))
  const passwords = createPasswords()
  const password_hashes = await Promise.all(people.map(() => demoHash(passwords)))
  return deps.db.transaction(async (tx): Promise<DemoPeople> => {
    await tx.none(sql.put_people, {
      ids: people.map((person) => person.id),
      emails: people.map((person) => person.email),
      first_names: people.map((person) => person.first_name),
      last_names: people.map((person) => person.last_name),
      roles: people.map((person) => person.role),
      password_hashes,
    })
    const users = await lockPeople(tx, names)
    const lantern_hall = await organizationOf(tx, users.organizer, 'Lantern Hall Presents')
    const northside = await organizationOf(tx, users.organizer2, 'Northside Live')
    if (lantern_hall.made) {
      const organization_id = lantern_hall.id
      await addMember(tx, { organization_id, email: 'boxoffice@demo.test', role: 'box_office', event_ids: null })
      await addMember(tx, { organization_id, email: 'door@demo.test', role: 'staff', event_ids: null })
    }
    return { users, organizations: { lantern_hall: lantern_hall.id, northside: northside.id } }
  })
}

/** `organization_ids`: those that have no members but demo accounts. */
type RetiredDemo = { accounts: number; organization_ids: string[] }

/**
 * Removes the demo accounts' credentials, sessions, global roles, open invitations and memberships; returns how many
 * had any of the first three. The last organizer of an organization stays its member. Repeating it
 * returns the same organizations.
 */
export async function retireDemoUsers(deps: Deps): Promise<RetiredDemo> {
  const emails = Object.keys(PEOPLE).map((name) => `${name}@demo.test`)
  return deps.db.one<RetiredDemo>(sql.retire_people, { emails })
}

async function demoHash(passwords: Passwords): Promise<string> {
  const hash = await passwords.hash(PASSWORD)
  if (hash === null) throw new Error('Nothing but this seed waits for its hashes')
  return hash
}

/** Locked, so that two concurrent seeds make one organization each. */
async function lockPeople(tx: Tx, names: readonly DemoName[]): Promise<Record<DemoName, string>> {
  const emails = names.map((name) => `${name}@demo.test`)
  const rows = await tx.many<{ user_id: string; email: string }>(sql.lock_people, { emails })
  const ids = new Map(rows.map((row) => [row.email, row.user_id]))
  return Object.fromEntries(names.map((name) => [name, ids.get(`${name}@demo.test`)])) as Record<DemoName, string>
}

async function organizationOf(tx: Tx, user_id: string, name: string): Promise<{ id: string; made: boolean }> {
  const known = await tx.maybe<{ organization_id: string }>(sql.find_organization, { user_id, name })
  if (known !== undefined) return { id: known.organization_id, made: false }
  const outcome = await createOrganization(tx, { user_id, name, approved: true })
  if (outcome.kind !== 'created') throw new Error(`The demo organization ${name} could not be made: ${outcome.kind}`)
  return { id: outcome.organization_id, made: true }
}
