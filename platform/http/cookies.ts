import { parseCookie, stringifySetCookie } from 'cookie'

/** The names of a session's cookies. The refresh and device tokens are read by operations of sign-in only. */
export const ACCESS_COOKIE = 'tessera_access'
export const REFRESH_COOKIE = 'tessera_refresh'
export const DEVICE_COOKIE = 'tessera_device'

/** The value of one cookie of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[name]
}

/** A `Cookie` header without the cookies of these names; undefined when none is left. */
export function withoutCookies(header: string | undefined, names: ReadonlySet<string>): string | undefined {
  const rest = header?.split(';').filter((pair) => !names.has((pair.split('=', 1)[0] ?? '').trim()))
  return rest?.join(';').trim() || undefined
}

/**
 * The name under which a cookie is set. Over TLS browsers take one with this prefix from this very host alone, and for
 * all of its paths, so that a sibling domain can neither set it nor come before it (RFC 6265bis, 4.1.3.2).
 */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name
}

/** `path`: where it is sent over plain HTTP; over TLS it is sent everywhere, as its name demands. */
export type CookieOptions = { path: string; max_age_s: number; secure: boolean; http_only: boolean }

/** A `Set-Cookie` value, SameSite=Lax, under the `cookieName` of `name`; `max_age_s` 0 removes the cookie. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const { path, max_age_s, secure, http_only } = options
  return stringifySetCookie({
    name: cookieName(name, secure),
    value,
    path: secure ? '/' : path,
    maxAge: max_age_s,
    secure,
    httpOnly: http_only,
    sameSite: 'lax',
  })
}
