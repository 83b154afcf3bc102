import type { AdoptedBookings, SessionBody, UserBody } from '@tessera/contracts/http/identity'
import type { Secrets } from '#platform/auth'
import {
  ACCESS_COOKIE,
  type Answer,
  answer,
  type Call,
  cookieName,
  DEVICE_COOKIE,
  REFRESH_COOKIE,
  readCookie,
  setCookie,
} from '#platform/http'
import { ACCESS_TOKEN_LIFE_S } from './access-tokens.ts'
import { DEVICE_LIFE_S, REFRESH_TOKEN_LIFE_S } from './session.ts'

type Deps = { secrets: Secrets; secure_cookies: boolean }

/** The result of a session's beginning or refresh. */
type Granted = {
  user: UserBody
  session_id: string
  access_token: string
  refresh_token: string
  device_token?: string
  adopted?: AdoptedBookings
}

/** Over plain HTTP the refresh and device tokens are sent only to the operations that need them. */
const AUTH_PATH = '/api/v1/auth'

/**
 * The tokens in the body; for browser sessions in HttpOnly cookies instead, with the CSRF token in the body. Never cached.
 */
export function sessionAnswer(deps: Deps, call: Call, status: number, granted: Granted): Answer {
  const shared = {
    user: granted.user,
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_LIFE_S,
    ...(granted.device_token === undefined ? {} : { device_token: granted.device_token }),
    ...(granted.adopted === undefined ? {} : { adopted: granted.adopted }),
  } as const
  if (!isBrowserSession(call)) {
    const body: SessionBody = { ...shared, access_token: granted.access_token, refresh_token: granted.refresh_token }
    return answer(status, body, { 'cache-control': 'no-store' })
  }
  const options = { secure: deps.secure_cookies, http_only: true }
  const cookies = [
    setCookie(ACCESS_COOKIE, granted.access_token, { ...options, path: '/', max_age_s: ACCESS_TOKEN_LIFE_S }),
    setCookie(REFRESH_COOKIE, granted.refresh_token, { ...options, path: AUTH_PATH, max_age_s: REFRESH_TOKEN_LIFE_S }),
  ]
  if (granted.device_token !== undefined) {
    cookies.push(
      setCookie(DEVICE_COOKIE, granted.device_token, { ...options, path: AUTH_PATH, max_age_s: DEVICE_LIFE_S }),
    )
  }
  const body: SessionBody = { ...shared, csrf_token: csrfToken(deps.secrets, granted.session_id) }
  return answer(status, body, { 'cache-control': 'no-store', 'set-cookie': cookies })
}

/** 204, and a browser drops the session's cookies; its device stays known. */
export function farewell(deps: Deps): Answer {
  const options = { secure: deps.secure_cookies, http_only: true, max_age_s: 0 }
  const cookies = [
    setCookie(ACCESS_COOKIE, '', { ...options, path: '/' }),
    setCookie(REFRESH_COOKIE, '', { ...options, path: AUTH_PATH }),
  ]
  return answer(204, null, { 'set-cookie': cookies })
}

/** The token that is required as `X-CSRF-Token` in this session. */
export function csrfToken(secrets: Secrets, session_id: string): string {
  return secrets.tokenFor('csrf', session_id)
}

/** Another site cannot send this header without a CORS preflight, so it also prevents forged requests. */
export function isBrowserSession(call: Call): boolean {
  return call.headers['x-session'] === 'cookie'
}

/** True when the principal was authenticated by a cookie, which browsers send automatically. */
export function cameByCookie(call: Call): boolean {
  return call.principal !== null && call.headers.authorization === undefined
}

/** The refresh token: as given in the body, or from the cookie, which is read only for a browser session's own script. */
export function refreshTokenOf(deps: Deps, call: Call, given: string | undefined): string | null {
  if (given !== undefined) return given
  return isBrowserSession(call) ? cookieOf(deps, call, REFRESH_COOKIE) : null
}

/** As given in the body, or from the cookie. */
export function deviceTokenOf(deps: Deps, call: Call, given: string | undefined): string | null {
  return given ?? cookieOf(deps, call, DEVICE_COOKIE)
}

function cookieOf({ secure_cookies }: Deps, call: Call, name: string): string | null {
  return readCookie(call.headers.cookie, cookieName(name, secure_cookies)) ?? null
}
