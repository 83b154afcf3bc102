import { parseCookie, stringifySetCookie } from 'cookie'

/** The value of one cookie of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[name]
}

export type CookieOptions = { path: string; max_age_s: number; secure: boolean; http_only: boolean }

/** A `Set-Cookie` value, SameSite=Lax; `max_age_s` 0 removes the cookie. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { path, max_age_s, secure, http_only } = options
  return stringifySetCookie({ name, value, path, maxAge: max_age_s, secure, httpOnly: http_only, sameSite: 'lax' })
}
