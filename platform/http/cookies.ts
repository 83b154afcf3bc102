/** The value of one cookie of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

export type CookieOptions = { path: string; max_age_s: number; secure: boolean; http_only: boolean }

/** A `Set-Cookie` value, SameSite=Lax; `max_age_s` 0 removes the cookie. Values are tokens: no escaping is needed. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  if (!/^[\w.~-]*$/.test(value)) throw new Error(`The cookie ${name} may hold only token characters`)
  const flags = [options.http_only ? '; HttpOnly' : '', options.secure ? '; Secure' : '']
  return `${name}=${value}; Path=${options.path}; Max-Age=${options.max_age_s}; SameSite=Lax${flags.join('')}`
}
