import type { Principal } from '#platform/auth'

/** A principal for a test: by default an attendee. */
export function asPrincipal(user_id: string, roles: readonly string[] = ['attendee']): Principal {
  return {
    user_id,
    session_id: `ses_of_${user_id}`,
    guest: roles.includes('guest'),
    roles,
    expires_at_s: 4_102_444_800,
  }
}

/** The bearer token that the test's HTTP server reads as this principal. Signed tokens are tested in identity. */
export function testToken(principal: Principal): string {
  return Buffer.from(JSON.stringify(principal)).toString('base64url')
}

export function principalOfToken(token: string): Principal | null {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Principal
  } catch {
    return null
  }
}
