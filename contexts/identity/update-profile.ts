import type { UserBody } from '@tessera/contracts/http/identity'
import { normaliseName } from '@tessera/contracts/person-name'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { etagOf, ifMatchFits, readProfile, readProfileForUpdate } from './profile.ts'

type UpdateProfileInput = {
  user_id: string
  first_name: string | null
  last_name: string | null
  if_match: string | undefined
}

type UpdateProfileOutcome =
  | { kind: 'updated'; profile: UserBody }
  | { kind: 'invalid-input'; errors: FieldError[] }
  | { kind: 'not-found' }
  | { kind: 'precondition-failed' }

const sql = loadSql(import.meta.url, ['update_names'])

/** Changes a person's own names; null keeps a name. With `if_match`, only when unchanged since it was read. */
export async function updateProfile(tx: Tx, input: UpdateProfileInput): Promise<UpdateProfileOutcome> {
  const first_name = input.first_name === null ? null : normaliseName(input.first_name)
  const last_name = input.last_name === null ? null : normaliseName(input.last_name)
  const errors: FieldError[] = []
  if (first_name === undefined) errors.push({ pointer: '/first_name', detail: 'holds characters that no name has' })
  if (first_name === '') errors.push({ pointer: '/first_name', detail: 'must not be blank' })
  if (last_name === undefined) errors.push({ pointer: '/last_name', detail: 'holds characters that no name has' })
  if (errors.length > 0) return { kind: 'invalid-input', errors }

  const before = await readProfileForUpdate(tx, input.user_id)
  if (before === undefined) return { kind: 'not-found' }
  if (!ifMatchFits(input.if_match, etagOf(before))) return { kind: 'precondition-failed' }
  await tx.none(sql.update_names, { user_id: input.user_id, first_name, last_name })
  const profile = await readProfile(tx, input.user_id)
  return profile === undefined ? { kind: 'not-found' } : { kind: 'updated', profile }
}
