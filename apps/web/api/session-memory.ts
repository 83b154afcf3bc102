/**
 * What the browser may know of its session, which itself lives in HttpOnly cookies: the CSRF token (in memory and
 * sessionStorage), and a mark in localStorage that there is one at all, so that visitors without a session are never
 * made to ask for its renewal.
 */
const CSRF_KEY = 'tessera.csrf'
const MARK_KEY = 'tessera.session'
let token: string | undefined

export function csrfToken(): string | undefined {
  token ??= sessionStorage.getItem(CSRF_KEY) ?? undefined
  return token
}

export function sessionIsLikely(): boolean {
  return localStorage.getItem(MARK_KEY) !== null
}

/** Keeps the token of any answer that carries one (sign-in, guest, renewal, who am I). */
export function rememberSession(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('csrf_token' in body) || typeof body.csrf_token !== 'string')
    return
  token = body.csrf_token
  sessionStorage.setItem(CSRF_KEY, token)
  localStorage.setItem(MARK_KEY, '1')
}

export function forgetSession(): void {
  token = undefined
  sessionStorage.removeItem(CSRF_KEY)
  localStorage.removeItem(MARK_KEY)
}
