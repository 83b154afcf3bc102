import { newId } from '@tessera/contracts/ids'
import { loadSql, type Tx } from '#platform/db'
import { newToken, tokenHash } from './tokens.ts'

export const REFRESH_TOKEN_LIFE_S = 7 * 24 * 3_600
export const DEVICE_LIFE_S = 180 * 24 * 3_600

const USER_AGENT_LENGTH_MAX = 300

const sql = loadSql(import.meta.url, ['open_session', 'remember_device'])

/** The origin of a request, as the list of sessions shows it. */
export type Client = { ip: string; user_agent: string | null }

/** A new session, with the secrets that only its owner receives. */
export type OpenedSession = { session_id: string; refresh_token: string }

/** Begins a session and its family of refresh tokens, within the caller's transaction. */
export async function openSession(
  tx: Tx,
  input: { user_id: string; client: Client; as_of: string | null },
): Promise<OpenedSession> {
  const session_id = newId('ses')
  const refresh_token = newToken()
  await tx.none(sql.open_session, {
    session_id,
    user_id: input.user_id,
    ip: input.client.ip,
    user_agent: input.client.user_agent?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
    token_hash: tokenHash(refresh_token),
    refresh_life_s: REFRESH_TOKEN_LIFE_S,
    as_of: input.as_of,
  })
  return { session_id, refresh_token }
}

/** Marks a device as one that has signed in to this account; a device that is known already keeps its token. */
export async function rememberDevice(
  tx: Tx,
  input: { user_id: string; known_token: string | null; as_of: string | null },
): Promise<string> {
  const token = input.known_token ?? newToken()
  await tx.none(sql.remember_device, {
    token_hash: tokenHash(token),
    user_id: input.user_id,
    life_s: DEVICE_LIFE_S,
    as_of: input.as_of,
  })
  return token
}
