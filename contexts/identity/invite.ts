import { newId } from '@tessera/contracts/ids'
import type { OrganizationRole } from '@tessera/contracts/permissions'
import { loadSql, type Tx } from '#platform/db'
import { normaliseEmail } from './email.ts'
import { newToken, tokenHash } from './tokens.ts'

type InviteInput = {
  organization_id: string
  invited_by: string
  email: string
  role: OrganizationRole
  /** Null: all events of the organization. */
  event_ids: readonly string[] | null
}

type InviteOutcome =
  | { kind: 'invited'; invitation_id: string; token: string; expires_at: string }
  | { kind: 'not-found' }
  | { kind: 'invalid-email' }
  | { kind: 'limit-exceeded'; invitations_max: number }

const INVITATION_LIFE_S = 7 * 24 * 3_600
/** Open invitations of one organization. */
const INVITATIONS_MAX = 200

const sql = loadSql(import.meta.url, ['lock_organization', 'delete_open', 'count_open', 'put_invitation'])

/**
 * Offers a right in an organization to the owner of an address, replacing an earlier offer. Whether the address has an
 * account is neither looked up nor revealed.
 * The token is returned once; only its hash is stored.
 */
export async function invite(tx: Tx, input: InviteInput): Promise<InviteOutcome> {
  const { organization_id, invited_by, role } = input
  const email = normaliseEmail(input.email)
  if (email === undefined) return { kind: 'invalid-email' }
  if ((await tx.maybe(sql.lock_organization, { organization_id })) === undefined) return { kind: 'not-found' }
  await tx.none(sql.delete_open, { organization_id, email })
  const { open } = await tx.one<{ open: number }>(sql.count_open, { organization_id })
  if (open >= INVITATIONS_MAX) return { kind: 'limit-exceeded', invitations_max: INVITATIONS_MAX }
  const invitation_id = newId('inv')
  const token = newToken()
  const { expires_at } = await tx.one<{ expires_at: string }>(sql.put_invitation, {
    invitation_id,
    organization_id,
    token_hash: tokenHash(token),
    email,
    role,
    event_ids: input.event_ids === null ? null : [...new Set(input.event_ids)],
    invited_by,
    life_s: INVITATION_LIFE_S,
  })
  return { kind: 'invited', invitation_id, token, expires_at }
}
