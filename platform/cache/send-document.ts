import { LRUCache } from 'lru-cache'
import type { Answer, Call } from '#platform/http'
import type { Document } from './document.ts'

type Coding = keyof Document['forms']

/** Header values seen so far: browsers send the same one with every request. */
const preferences = new LRUCache<string, readonly Coding[]>({ max: 200 })
const IDENTITY: readonly Coding[] = ['identity']

/**
 * Sends the best encoding that the client accepts, or 304 when `If-None-Match` names the document in any encoding.
 * Nothing is hashed, compressed or copied here: usually one map look-up and one comparison.
 */
export function sendDocument(call: Pick<Call, 'headers'>, document: Document): Answer {
  const form = formFor(document, call.headers['accept-encoding'])
  const seen = call.headers['if-none-match']
  if (seen === undefined) return form.found
  return seen === form.etag || namesTag(seen, document.tag) ? form.not_modified : form.found
}

/**
 * True when an `If-Match` or `If-None-Match` value names this tag. Encoded and weak tags count: the state is the same.
 */
export function namesTag(header: string, tag: string): boolean {
  return opaqueTags(header).some((given) => given === '*' || given === tag)
}

/** The opaque parts of a list of entity tags, without quotes, weakness and encoding; `*` as it is. */
export function opaqueTags(header: string): string[] {
  return header.split(',').map((part) => {
    const text = part.trim().replace(/^W\//, '')
    return text.startsWith('"') && text.endsWith('"') && text.length > 1
      ? text.slice(1, -1).replace(/\.(?:gzip|br)$/, '')
      : text
  })
}

function formFor(document: Document, header: string | string[] | undefined): Document['forms']['identity'] {
  if (header === undefined) return document.forms.identity
  for (const coding of preferencesOf(typeof header === 'string' ? header : header.join(','))) {
    const form = document.forms[coding]
    if (form !== undefined) return form
  }
  return document.forms.identity
}

function preferencesOf(header: string): readonly Coding[] {
  const known = preferences.get(header)
  if (known !== undefined) return known
  const read = readPreferences(header)
  preferences.set(header, read)
  return read
}

/** Codings by falling weight; at equal weight br before gzip before identity. Weight 0 excludes (RFC 9110, 12.5.3). */
function readPreferences(header: string): readonly Coding[] {
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim())
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = q === undefined ? 1 : Number(q.slice(2))
    if (name !== '') weights.set(name, Number.isFinite(weight) ? weight : 0)
  }
  const weightOf = (coding: Coding): number =>
    weights.get(coding) ?? (coding === 'identity' ? 0.000_1 : (weights.get('*') ?? 0))
  const order: Coding[] = ['br', 'gzip', 'identity']
  const wanted = order.filter((coding) => weightOf(coding) > 0).sort((a, b) => weightOf(b) - weightOf(a))
  return wanted.length === 0 ? IDENTITY : wanted
}
