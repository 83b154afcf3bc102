/** The address if it is on our own origin (a path is taken from there), else null: nobody is sent to another site by us. */
export function returnUrl(public_origin: string, given: string): string | null {
  const origin = new URL(public_origin).origin
  const url = URL.parse(given, origin)
  return url !== null && url.origin === origin && url.username === '' && url.password === '' ? url.href : null
}
