import type { GlobalRole } from '@tessera/contracts/permissions'
import { SignJWT } from 'jose'
import type { SigningKey } from './signing-keys.ts'

export const ACCESS_TOKEN_LIFE_S = 900
/** The audience that verifiers require. */
export const AUDIENCE = 'tessera'

/** How long a process caches the signing key; far less than a new key waits before it signs. */
const KEY_AGE_MAX_MS = 60_000

type TokenSubject = { user_id: string; session_id: string; roles: readonly GlobalRole[] }

export type AccessTokens = {
  /** An RS256 access token by RFC 9068, good for `life_s` seconds (15 min by default). */
  issue(subject: TokenSubject, life_s?: number): Promise<string>
}

export function createAccessTokens(options: { issuer: string; currentKey(): Promise<SigningKey> }): AccessTokens {
  let known: Promise<SigningKey> | undefined
  let known_at_ms = 0
  const signingKey = (): Promise<SigningKey> => {
    if (known !== undefined && performance.now() - known_at_ms < KEY_AGE_MAX_MS) return known
    const loading = options.currentKey()
    known = loading
    known_at_ms = performance.now()
    loading.catch(() => {
      if (known === loading) known = undefined
    })
    return loading
  }
  return {
    issue: async (subject, life_s = ACCESS_TOKEN_LIFE_S) => {
      const { kid, key } = await signingKey()
      const issued_at_s = Math.floor(Date.now() / 1_000)
      return new SignJWT({ sid: subject.session_id, roles: subject.roles, client_id: AUDIENCE })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
        .setIssuer(options.issuer)
        .setAudience(AUDIENCE)
        .setSubject(subject.user_id)
        .setJti(crypto.randomUUID())
        .setIssuedAt(issued_at_s)
        .setExpirationTime(issued_at_s + life_s)
        .sign(key)
    },
  }
}
