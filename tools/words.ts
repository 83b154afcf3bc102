/**
 * Words that this code does not use, with what it says instead (docs/glossary.md). Each is written here in halves, so
 * that this file does not contain what it refuses.
 */
const WORDS: readonly { word: string; say: string }[] = [
  { word: 'hall' + 'ways?', say: 'HTTP pipeline' },
  { word: 'alie' + 'ns?', say: 'unknown' },
  { word: 'mou' + 'rn(?:s|ed|ing)?', say: 'onExit' },
  { word: 'hi' + 's', say: 'the buyer’s, their' },
  { word: 'stam' + 'pedes?', say: 'burst' },
  { word: 'some' + "(?:one|body)[’']s hands", say: 'held, taken' },
  { word: 'answer of ' + 'then', say: 'the stored answer' },
  { word: 'some' + '(?:one|body) was faster', say: 'not available' },
  { word: 'room by ' + 'room', say: 'step by step' },
  { word: '(?<!opera )hou' + 'ses?', say: 'venue, hall, organization or product' },
]
const REFUSED = WORDS.map(({ word, ...rest }) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${word})(?![\\w-])`, 'i'),
  ...rest,
}))
/** Applied migrations are never edited, and the glossary lists the words that are not used. */
const EXEMPT = /\/migrations\/|^docs\/glossary\.md$|^LICENSE$/

/** The words of a file that are refused, each with what to say instead. */
export function wordComplaints(file: string, text: string): string[] {
  if (EXEMPT.test(file)) return []
  return text.split('\n').flatMap((line, n) =>
    REFUSED.flatMap(({ pattern, say }) => {
      const found = pattern.exec(line)
      return found === null ? [] : [`${file}:${n + 1} says "${found[0]}": say ${say}`]
    }),
  )
}
