import type { BidiCharTypeName } from 'bidi-js'
import bidiFactory from 'bidi-js/dist/bidi.mjs'
import * as harfbuzz from 'harfbuzzjs'
import { canWrite, clustersOf, type FaceChoice, type Written } from './choose-faces.ts'
import type { Face, NotoFace, OwnFace } from './fonts.ts'

/** A glyph and its position from the start of its run, in font units. */
export type Glyph = { id: number; x: number; y: number }

/** A stretch of one face and direction. `width` is in points. */
export type Run =
  | { kind: 'own'; face: OwnFace; text: string; width: number }
  | { kind: 'noto'; face: NotoFace; text: string; glyphs: readonly Glyph[]; width: number }
  /** A character that no font has, drawn as a box. */
  | { kind: 'boxes'; count: number; text: string; width: number }

/** A line ready to be drawn: its runs from left to right. `size` and `width` are in points. */
export type SetLine = { text: string; runs: readonly Run[]; width: number; size: number }

type Stretch = { start: number; end: number; level: number; face: Face | undefined }

/** Width of the box for a missing character, in em. */
export const BOX_EM = 0.6
const COMMON = /^\p{Script=Common}/u
const bidi = bidiFactory()
/** Unassigned code points of these ranges are right-to-left (UAX #9, DerivedBidiClass.txt). */
const RIGHT_TO_LEFT_BLOCKS = [
  [0x1_0800, 0x1_0fff],
  [0x1_e800, 0x1_efff],
] as const
const STANDS_FOR: Readonly<Partial<Record<BidiCharTypeName, string>>> = {
  R: '\u05d0',
  AL: '\u0627',
  AN: '\u0660',
  EN: '0',
  NSM: '\u0300',
  ON: '!',
}

/**
 * Text as printed: composed, without control characters, bidi overrides and lone surrogates, white space as single
 * spaces.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]/g, '')
    .trim()
}

/** Sets one line of printable text; breaks nothing. `size` in points. */
export function setLine(faces: FaceChoice, text: string, size: number): SetLine {
  const { written, stretches } = stretchesOf(faces, text)
  const runs = visualOrder(stretches).map((stretch) => runOf(written, stretch, size))
  return { text, runs, width: runs.reduce((sum, run) => sum + run.width, 0), size }
}

/** Splits a line where its face or direction changes. Indices are UTF-16, into `written`. */
function stretchesOf(faces: FaceChoice, text: string): { written: string; stretches: Stretch[] } {
  const pieces: Written[] = []
  for (const cluster of clustersOf(text)) pieces.push(follow(pieces.at(-1)?.face, cluster) ?? writtenIn(faces, cluster))
  const written = pieces.map((piece) => piece.text).join('')
  const { levels } = bidi.getEmbeddingLevels(withoutAstral(written), 'auto')
  const stretches: Stretch[] = []
  let start = 0
  for (const { face, text: piece } of pieces) {
    const end = start + piece.length
    const level = levels[start] ?? 0
    const last = stretches.at(-1)
    if (last !== undefined && last.level === level && last.face === face) last.end = end
    else if (end > start) stretches.push({ start, end, level, face })
    start = end
  }
  return { written, stretches }
}

/**
 * bidi-js reads UTF-16 units one by one and takes both halves of an astral character for letters that run from the left.
 * Here each half is a character of the Basic Multilingual Plane that has the direction of the whole.
 */
function withoutAstral(text: string): string {
  return text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, (character) => {
    const type = bidi.getBidiCharTypeName(character)
    const point = character.codePointAt(0) ?? 0
    const isUnlisted = type === 'L' && RIGHT_TO_LEFT_BLOCKS.some(([from, to]) => point >= from && point <= to)
    return (STANDS_FOR[isUnlisted ? 'R' : type] ?? 'a').repeat(2)
  })
}

/** Spaces, digits and punctuation keep the preceding face if it has them, so that no word changes its look. */
function follow(before: Face | undefined, cluster: string): Written | undefined {
  return before !== undefined && COMMON.test(cluster) && canWrite(before, cluster)
    ? { face: before, text: cluster }
    : undefined
}

function writtenIn(faces: FaceChoice, cluster: string): Written {
  return faces.get(cluster) ?? { face: undefined, text: cluster }
}

/** Stretches in the order in which they stand on the page, from the left (UAX #9, rule L2). */
function visualOrder(stretches: readonly Stretch[]): Stretch[] {
  const ordered = [...stretches]
  const highest = Math.max(0, ...stretches.map((stretch) => stretch.level))
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start
      while ((ordered[end]?.level ?? -1) >= level) end++
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse())
      start = end
    }
  }
  return ordered
}

function runOf(written: string, stretch: Stretch, size: number): Run {
  const { start, end, level, face } = stretch
  const text = written.slice(start, end)
  const isRightToLeft = level % 2 === 1
  if (face === undefined) {
    const count = clustersOf(text).length
    return { kind: 'boxes', text, count, width: count * BOX_EM * size }
  }
  if (face.kind === 'own') {
    const drawn = isRightToLeft ? mirrored(text) : text
    const { advanceWidth } = face.font.layout(drawn)
    return { kind: 'own', face, text: drawn, width: (advanceWidth * size) / face.font.unitsPerEm }
  }
  const { glyphs, advance } = shape(face, written, start, end, isRightToLeft)
  return { kind: 'noto', face, text, glyphs, width: (advance * size) / face.units_per_em }
}

/** Our own fonts write from the left: what they add to a line that runs from the right is turned around for them. */
function mirrored(text: string): string {
  return clustersOf(text)
    .toReversed()
    .map((cluster) => bidi.getMirroredCharacter(cluster) ?? cluster)
    .join('')
}

/** Glyphs from the left, by HarfBuzz, which sees the whole line: letters join across the ends of a stretch. */
function shape(
  face: NotoFace,
  line: string,
  start: number,
  end: number,
  isRightToLeft: boolean,
): { glyphs: Glyph[]; advance: number } {
  const buffer = new harfbuzz.Buffer()
  buffer.addText(line, start, end - start)
  buffer.setDirection(isRightToLeft ? harfbuzz.Direction.RTL : harfbuzz.Direction.LTR)
  buffer.guessSegmentProperties()
  harfbuzz.shape(face.font, buffer)
  let advance = 0
  const positions = buffer.getGlyphPositions()
  const glyphs = buffer.getGlyphInfos().map(({ codepoint: id }, index): Glyph => {
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {}
    const glyph = { id, x: advance + xOffset, y: yOffset }
    advance += xAdvance
    return glyph
  })
  return { glyphs, advance }
}
