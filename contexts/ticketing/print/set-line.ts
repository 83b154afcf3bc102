import { levelsOf, strongOf, visualOrder } from './bidi.ts'
import { type Face, faceFor, isJoiner, type Role } from './fonts.ts'

/** A stretch of one face and direction; `face` undefined: no font has it, a box stands for each character. */
export type Run = { text: string; level: number; face: Face | undefined; width: number }

/** A line ready to be drawn: its runs from left to right. */
export type SetLine = { text: string; runs: Run[]; width: number; size: number }

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Width of the box for a missing character, in em. */
export const BOX_EM = 0.6
const MIRRORED: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
}

/**
 * Text as printed: composed, without control characters, bidi overrides and lone surrogates, white space as single
 * spaces. Whatever people are called, this much of it can be set.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]/g, '')
    .trim()
}

export function clustersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), (segment) => segment.segment)
}

/** Sets one line of printable text; breaks nothing. `size` in points. */
export function setLine(role: Role, text: string, size: number): SetLine {
  const clusters = clustersOf(text)
  const levels = levelsOf(clusters.map(strongOf))
  const runs: Run[] = []
  for (const [index, cluster] of clusters.entries()) {
    const level = levels[index] ?? 0
    const last = runs.at(-1)
    const { face, written } = writtenBy(role, last, cluster)
    const text = drawable(face, level % 2 === 1 ? (MIRRORED[written] ?? written) : written)
    if (last !== undefined && last.level === level && last.face?.font === face?.font) last.text += text
    else runs.push({ text, level, face, width: 0 })
  }
  for (const run of runs) run.width = widthOf(run, size)
  const ordered = visualOrder(runs)
  return { text, runs: ordered, width: ordered.reduce((sum, run) => sum + run.width, 0), size }
}

/** The face for a cluster; one that no font has is written by its plain equivalent where it has one: 𝐓 as T, ₂ as 2. */
function writtenBy(role: Role, last: Run | undefined, cluster: string): { face: Face | undefined; written: string } {
  const face = followingFace(last, cluster) ?? faceFor(role, cluster)
  if (face !== undefined) return { face, written: cluster }
  const plain = cluster.normalize('NFKC')
  const plainFace = plain === cluster ? undefined : faceFor(role, plain)
  return { face: plainFace, written: plainFace === undefined ? cluster : plain }
}

/** Spaces and marks stay with the face before them where it has them, so that words are not cut into pieces. */
function followingFace(last: Run | undefined, cluster: string): Face | undefined {
  const point = cluster.codePointAt(0) ?? 0
  const follows =
    last?.face !== undefined && strongOf(cluster) === 'neutral' && last.face.font.hasGlyphForCodePoint(point)
  return follows && last.face?.embedded !== null ? last.face : undefined
}

/** Without the marks that the face lacks: a glyph that says "missing" is worse than none. */
function drawable(face: Face | undefined, cluster: string): string {
  if (face === undefined) return cluster
  return Array.from(cluster)
    .filter((character) => {
      const point = character.codePointAt(0) ?? 0
      return face.font.hasGlyphForCodePoint(point) || (face.embedded === null && isJoiner(point))
    })
    .join('')
}

function widthOf(run: Run, size: number): number {
  if (run.face === undefined) return clustersOf(run.text).length * BOX_EM * size
  const { font } = run.face
  return (font.layout(run.text).advanceWidth * size) / font.unitsPerEm
}
