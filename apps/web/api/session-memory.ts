/**
 * The CSRF token of the cookie session, in memory and in sessionStorage: the session itself is in HttpOnly cookies that
 * no script can read. Another tab may have renewed the session, so a refused token is fetched anew (see client.ts).
 */
const STORE_KEY = 'tessera.csrf'
let token: string | undefined

export function csrfToken(): string | undefined {
  token ??= sessionStorage.getItem(STORE_KEY) ?? undefined
  return token
}

/** Keeps the token of any answer that carries one (sign-in, guest, refresh, who am I). */
export function rememberSession(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('csrf_token' in body) || typeof body.csrf_token !== 'string')
    return
  token = body.csrf_token
  sessionStorage.setItem(STORE_KEY, token)
}

export function forgetSession(): void {
  token = undefined
  sessionStorage.removeItem(STORE_KEY)
}
