import { parseCookie, stringifySetCookie } from 'cookie'

/** The value of one cookie of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[name]
}

/**
 * The name under which a cookie is set. Browsers take one with these prefixes over TLS only, and one with `__Host-` from
 * this very host only, so that a sibling domain cannot plant it (RFC 6265bis, 4.1.3).
 */
export function cookieName(name: string, { secure, path }: Pick<CookieOptions, 'secure' | 'path'>): string {
  if (!secure) return name
  return path === '/' ? `__Host-${name}` : `__Secure-${name}`
}

export type CookieOptions = { path: string; max_age_s: number; secure: boolean; http_only: boolean }

/** A `Set-Cookie` value, SameSite=Lax, under the `cookieName` of `name`; `max_age_s` 0 removes the cookie. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { path, max_age_s, secure, http_only } = options
  const full_name = cookieName(name, options)
  return stringifySetCookie({
    name: full_name,
    value,
    path,
    maxAge: max_age_s,
    secure,
    httpOnly: http_only,
    sameSite: 'lax',
  })
}
