import { hash } from 'node:crypto'
import type { UserBody } from '@tessera/contracts/http/identity'
import type { GlobalRole } from '@tessera/contracts/permissions'
import { loadSql, type Queryable, type Tx } from '#platform/db'
import { rolesOf } from './roles.ts'

/** Organizations listed in a profile; `GET /organizations` pages through all. */
const ORGANIZATIONS_MAX = 100

type ProfileRow = Omit<UserBody, 'guest' | 'roles'> & { role: GlobalRole }

const sql = loadSql(import.meta.url, ['profile', 'lock_user'])

/** An account as its owner sees it; undefined when it does not exist. */
export async function readProfile(db: Queryable, user_id: string): Promise<UserBody | undefined> {
  const row = await db.maybe<ProfileRow>(sql.profile, { user_id, organizations_max: ORGANIZATIONS_MAX })
  if (row === undefined) return undefined
  const { role, organizations, created_at, ...person } = row
  return { ...person, guest: role === 'guest', roles: rolesOf(role), organizations, created_at }
}

/** The same, with the account locked against other changes until the transaction ends. */
export async function readProfileForUpdate(tx: Tx, user_id: string): Promise<UserBody | undefined> {
  const row = await tx.maybe(sql.lock_user, { user_id })
  return row === undefined ? undefined : readProfile(tx, user_id)
}

/** A strong validator of everything that the profile shows. */
export function etagOf(profile: UserBody): string {
  return `"${hash('sha256', JSON.stringify(profile), 'base64url').slice(0, 22)}"`
}

/** RFC 9110 §13.1.1: absent and `*` always fit; a weak tag never does. */
export function ifMatchFits(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim() === etag)
}
