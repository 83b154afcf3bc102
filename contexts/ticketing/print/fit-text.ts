import { chooseFaces, clustersOf, ELLIPSIS, type FaceChoice } from './choose-faces.ts'
import type { Role } from './fonts.ts'
import { printable, type SetLine, setLine } from './set-line.ts'

/** Longer texts are cut before they are measured. */
const CLUSTERS_MAX = 400
/** One cluster may carry any number of marks. In UTF-16 code units. */
const LENGTH_MAX = 4_000

export type Fit = {
  role: Role
  width: number
  lines_max: number /** Points, the preferred size first. */
  sizes: readonly number[]
}

/**
 * Lines of a text in the largest of the sizes at which it fits whole; in the smallest, cut with an ellipsis, if it fits
 * in none.
 */
export async function fitText(text: string, fit: Fit): Promise<SetLine[]> {
  const shown = clustersOf(printable(text.slice(0, LENGTH_MAX)))
    .slice(0, CLUSTERS_MAX)
    .join('')
  const words = wordsOf(shown)
  if (words.length === 0) return []
  const faces = await chooseFaces(fit.role, shown)
  let lines: SetLine[] = []
  for (const size of fit.sizes) {
    lines = breakLines(faces, words, fit, size)
    if (lines.length <= fit.lines_max) return lines
  }
  const kept = lines.slice(0, fit.lines_max)
  const last = kept.pop()
  const rest = lines.slice(fit.lines_max).map((line) => line.text)
  return last === undefined ? [] : [...kept, cutLine(faces, [last.text, ...rest].join(' '), fit, last.size)]
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

/** Greedy lines; a word wider than the line is broken where it must. */
function breakLines(faces: FaceChoice, words: readonly string[], { width }: Fit, size: number): SetLine[] {
  const lines: SetLine[] = []
  let current: SetLine | undefined
  for (const word of words) {
    const joined = setLine(faces, current === undefined ? word : `${current.text} ${word}`, size)
    if (joined.width <= width) {
      current = joined
      continue
    }
    if (current !== undefined) lines.push(current)
    const pieces = breakWord(faces, word, width, size)
    lines.push(...pieces.slice(0, -1))
    current = pieces.at(-1)
  }
  return current === undefined ? lines : [...lines, current]
}

function breakWord(faces: FaceChoice, word: string, width: number, size: number): SetLine[] {
  const whole = setLine(faces, word, size)
  if (whole.width <= width) return [whole]
  const clusters = clustersOf(word)
  const count = longestFit(clusters, (text) => setLine(faces, text, size).width <= width)
  const head = setLine(faces, clusters.slice(0, count).join(''), size)
  return count >= clusters.length ? [head] : [head, ...breakWord(faces, clusters.slice(count).join(''), width, size)]
}

function cutLine(faces: FaceChoice, text: string, { width }: Fit, size: number): SetLine {
  const clusters = clustersOf(text)
  const count = longestFit(clusters, (head) => setLine(faces, head.trimEnd() + ELLIPSIS, size).width <= width)
  return setLine(faces, clusters.slice(0, count).join('').trimEnd() + ELLIPSIS, size)
}

/** The number of clusters from the start that fit, at least one; by bisection. */
function longestFit(clusters: readonly string[], fits: (text: string) => boolean): number {
  let low = 1
  let high = clusters.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(clusters.slice(0, middle).join(''))) low = middle
    else high = middle - 1
  }
  return low
}
