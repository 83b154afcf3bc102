import type { IncomingHttpHeaders } from 'node:http'
import { match } from '@formatjs/intl-localematcher'
import Negotiator from 'negotiator'

/** How much of a header is read, in characters and ranges: a range that is no tag costs 40 µs. */
const HEADER_MAX = 500
const RANGES_MAX = 20
/** Of one tag, in characters: three times what RFC 5646, 4.4.1 requires to be supported. */
const TAG_MAX = 100

/**
 * The language of an answer, by lookup (RFC 4647, 3.4: `de-AT` finds `de`): the one asked for by its tag, otherwise the
 * first of `Accept-Language` that is offered. The fallback where none is, or where what was asked for is no tag.
 */
export function negotiateLanguage<Language extends string>(
  offered: { languages: readonly Language[]; fallback: Language },
  headers: IncomingHttpHeaders,
  asked?: string,
): Language {
  const wanted = (asked === undefined ? acceptedBy(headers) : [asked]).filter(isTag)
  const found = match(wanted, offered.languages, offered.fallback, { algorithm: 'lookup' })
  return offered.languages.find((language) => language === found) ?? offered.fallback
}

/** Headers of an answer in a language that was negotiated: a cache keeps one for each. */
export function languageHeaders(language: string): Record<string, string> {
  return { 'content-language': language, vary: 'accept-language' }
}

function acceptedBy(headers: IncomingHttpHeaders): string[] {
  const header = headers['accept-language'] ?? ''
  return new Negotiator({ headers: { 'accept-language': header.slice(0, HEADER_MAX) } })
    .languages()
    .slice(0, RANGES_MAX)
}

function isTag(text: string): boolean {
  if (text.length > TAG_MAX) return false
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}
