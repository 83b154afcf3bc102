import { newId } from '@tessera/contracts/ids'
import type { Secrets } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { createAccessTokens } from './access-tokens.ts'
import { currentKey } from './signing-keys.ts'

/** `db` acts as `tessera_identity`; `token_issuer` and `secrets` are those of the servers that will verify. */
type Deps = { db: Db; secrets: Secrets; log: Log; token_issuer: string }

const sql = loadSql(import.meta.url, ['insert_attendees', 'insert_sessions'])

const BATCH_SIZE = 1_000
/** Load clients have no refresh token, so these outlive a long run. */
const LOAD_TOKEN_LIFE_S = 3_600

/**
 * Access tokens of `count` new attendees without a password, for load clients: in sets of a thousand, signed in the
 * thread pool (6,600 a second on the reference machine).
 */
export async function issueTokens(deps: Deps, count: number): Promise<string[]> {
  const access_tokens = createAccessTokens({ issuer: deps.token_issuer, currentKey: () => currentKey(deps) })
  const tokens: string[] = []
  while (tokens.length < count) {
    const size = Math.min(BATCH_SIZE, count - tokens.length)
    const people = Array.from({ length: size }, () => ({ user_id: newId('usr'), session_id: newId('ses') }))
    const user_ids = people.map((person) => person.user_id)
    const session_ids = people.map((person) => person.session_id)
    await deps.db.transaction(async (tx) => {
      await tx.none(sql.insert_attendees, { user_ids })
      await tx.none(sql.insert_sessions, { session_ids, user_ids, life_s: LOAD_TOKEN_LIFE_S })
    })
    const signed = people.map((person) => access_tokens.issue({ ...person, roles: ['attendee'] }, LOAD_TOKEN_LIFE_S))
    tokens.push(...(await Promise.all(signed)))
  }
  return tokens
}
