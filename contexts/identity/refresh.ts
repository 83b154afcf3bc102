import type { Secrets } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import type { Signals } from '#platform/signals'
import { REFRESH_TOKEN_LIFE_S } from './session.ts'
import { announceRevoked } from './signals.ts'
import { successorOf, tokenHash } from './tokens.ts'

type Deps = { db: Db; secrets: Secrets; signals: Signals }

export type RefreshOutcome =
  | { kind: 'refreshed'; session_id: string; user_id: string; refresh_token: string }
  | { kind: 'session-ended' }

type Family = { session_id: string; user_id: string }
type UsedToken = Family & { within_grace: boolean; steps_behind: number | null }

const sql = loadSql(import.meta.url, ['rotate', 'find_used', 'revoke_family'])

/** Two tabs that refresh at once, or a lost answer, are legitimate for this long (FAPI 2.0, RFC 9700 §4.14). */
const GRACE_S = 10

/**
 * Exchanges a refresh token for its successor and invalidates it. Used again within 10 s it returns the family's live
 * token once more. Later use means theft, by either side: the whole family and its session end.
 */
export async function refresh(deps: Deps, input: { refresh_token: string; as_of?: string }): Promise<RefreshOutcome> {
  const as_of = input.as_of ?? null
  const token_hash = tokenHash(input.refresh_token)
  const child = successorOf(deps.secrets, input.refresh_token)
  const family = await deps.db.maybe<Family>(sql.rotate, {
    token_hash,
    child_hash: tokenHash(child),
    life_s: REFRESH_TOKEN_LIFE_S,
    as_of,
  })
  if (family !== undefined) return { kind: 'refreshed', ...family, refresh_token: child }

  const used = await deps.db.maybe<UsedToken>(sql.find_used, { token_hash, grace_s: GRACE_S, as_of })
  if (used === undefined) return { kind: 'session-ended' }
  const { session_id, user_id } = used
  if (used.within_grace && used.steps_behind !== null) {
    const living = successorOf(deps.secrets, input.refresh_token, used.steps_behind)
    return { kind: 'refreshed', session_id, user_id, refresh_token: living }
  }
  await deps.db.none(sql.revoke_family, { session_id, as_of })
  announceRevoked(deps.signals, [session_id])
  return { kind: 'session-ended' }
}
