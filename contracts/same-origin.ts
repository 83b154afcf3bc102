/** In a path these are read differently by different software: as another separator, or not at all. */
const AMBIGUOUS = /[\\\p{Cc}]|%(?:0[0-9a-f]|1[0-9a-f]|7f|2f|5c)/iu

/**
 * The address as a browser would resolve it from `origin`, if it stays there; null otherwise. The one check of every
 * address to which a caller may ask us to send a person: `next` of the pages and `return_url` of the API. It also refuses
 * what only looks like a path here and would leave the origin when it is resolved again (`/.//evil.example`).
 */
export function sameOriginUrl(origin: string, given: string): URL | null {
  const own = new URL(origin).origin
  const [path = ''] = given.split(/[?#]/, 1)
  const url = AMBIGUOUS.test(path) ? null : URL.parse(given, own)
  if (url === null || url.origin !== own || url.username !== '' || url.password !== '') return null
  return url.pathname.includes('//') || new URL(url.pathname, own).origin !== own ? null : url
}
