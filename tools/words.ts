import { readFileSync } from 'node:fs'

type Refusal = { word: string; say: string; except?: RegExp | undefined }

/**
 * Words that this code does not use, with what it says instead. Each is written here in halves, so that this file does
 * not contain what it refuses. Terms of the field are refused by the glossary itself.
 */
const WORDS: readonly Refusal[] = [
  { word: 'hall' + 'ways?', say: 'HTTP pipeline' },
  { word: 'alie' + 'ns?', say: 'unknown' },
  { word: 'mou' + 'rn(?:s|ed|ing)?', say: 'onExit' },
  { word: 'hi' + 's', say: 'the buyer’s, their' },
  { word: 'stam' + 'pedes?', say: 'burst' },
  { word: 'some' + "(?:one|body)[’']s hands", say: 'held, taken' },
  { word: 'answer of ' + 'then', say: 'the stored answer' },
  { word: 'some' + '(?:one|body) was faster', say: 'not available' },
  { word: 'room by ' + 'room', say: 'step by step' },
  { word: 'told to (?:no|any)' + 'body', say: 'never returned to a client' },
  { word: 'lived? to (?:rec' + 'ord|see)', say: 'the process may have died before' },
  { word: "page[’']s way " + 'back', say: 'the page to return to' },
  { word: '(?<!opera )hou' + 'ses?', say: 'venue, hall, organization or product' },
]

const EVERYWHERE = /^/

/** Words of the glossary's last column that have another meaning of their own, and the files that may use them so. */
const LEGITIMATE: Readonly<Record<string, RegExp>> = {
  // Everyday English or terms of programming; in the glossary's sense they are left to the reader of a change.
  attendee: EVERYWHERE,
  date: EVERYWHERE,
  gone: EVERYWHERE,
  late: EVERYWHERE,
  lock: EVERYWHERE,
  map: EVERYWHERE,
  message: EVERYWHERE,
  place: EVERYWHERE,
  plan: EVERYWHERE,
  release: EVERYWHERE,
  service: EVERYWHERE,
  show: EVERYWHERE,
  transaction: EVERYWHERE,
  // A field of stored events and of the public API.
  places: EVERYWHERE,
  // The buyer's bank, and the sandbox's.
  bank: /^apps\/(payment-sandbox|web)\/|^contexts\/(booking|payment)\/|^contracts\/|^docs\/|^tests\/|^[A-Z]+\.md$/,
  barcode: /^tests\/journeys\/path\.test\.ts$/,
  'card page': /^apps\/payment-sandbox\//,
  cents: /^contracts\/money\.ts$/,
  // Where tickets are checked. For HTTP it is the pipeline.
  door: /^apps\/(server|web)\/|^contexts\/(?!payment|realtime)|^contracts\/|^docs\/|^tests\/|^[A-Z]+\.md$/,
  gate: /^apps\/web\/|^contexts\/checkin\/|^contracts\/(events|http)\/checkin\.ts$|^docs\/(problems\/|openapi)|^tests\//,
  handler: /^(?!contexts\/)|\/deps\.ts$/,
  // Argon2's own word.
  lane: /^platform\/auth\/password\.ts$/,
  'let go': /^apps\/(payment-sandbox|web)\//,
  manager: /^docs\/security\.md$|^tools\//,
  // Of JavaScript, of a QR code.
  module: /^(?!contexts\/)|^contexts\/ticketing\//,
  // Drawings, photographs and posters.
  picture:
    /^apps\/web\/|^contracts\/(poster|seat-map\/)|^contexts\/ticketing\/print\/|^tests\/browser\/|^docs\/|^CHANGELOG\.md$/,
  // Prototype poisoning.
  poison: /^platform\/http\//,
  // Money reserved for a refund; memory reserved for a body.
  reservation: /^contexts\/payment\/|^platform\/http\//,
}

/** The refused words of the glossary's tables: the terms of its last column, each with the term of its first. */
function glossaryRefusals(glossary: string): Refusal[] {
  return glossary.split('\n').flatMap((line) => {
    const [, term = '', , words = ''] = line.split('|').map((cell) => cell.trim())
    if (term === '' || term === 'term' || /^-+$/.test(term)) return []
    const refused = words.split(',').map((word) => word.trim())
    return refused
      .filter((word) => word !== '' && !WORDS.some((one) => new RegExp(`^(?:${one.word})$`, 'i').test(word)))
      .map((word) => ({ word: `${word}s?`, say: term, except: LEGITIMATE[word] }))
  })
}

const GLOSSARY = readFileSync(new URL('../docs/glossary.md', import.meta.url), 'utf8')
/** Applied migrations are never edited, the glossary lists the words that are not used, and the check allows some. */
const EXEMPT = /\/migrations\/|^docs\/glossary\.md$|^tools\/words(\.test)?\.ts$|^LICENSE$|^package-lock\.json$/

/** The words of a file that are refused, each with what to say instead. */
export function wordComplaints(file: string, text: string, glossary = GLOSSARY): string[] {
  if (EXEMPT.test(file)) return []
  const refused = [...WORDS, ...glossaryRefusals(glossary)]
    .filter(({ except }) => except?.test(file) !== true)
    .map(({ word, say }) => ({ pattern: new RegExp(`(?<![\\w-])(?:${word})(?![\\w-])`, 'i'), say }))
  return text.split('\n').flatMap((line, n) =>
    refused.flatMap(({ pattern, say }) => {
      const found = pattern.exec(line)
      return found === null ? [] : [`${file}:${n + 1} says "${found[0]}": say ${say}`]
    }),
  )
}

/** Allowed words that the glossary does not refuse: entries that have lost their reason. */
export function idleAllowances(glossary = GLOSSARY): string[] {
  const words = glossary
    .split('\n')
    .flatMap((line) => (line.split('|')[3] ?? '').split(','))
    .map((word) => word.trim())
  return Object.keys(LEGITIMATE).filter((word) => !words.includes(word))
}
