import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import { sfntOf } from './sfnt.ts'

/**
 * Which font can write what. Our own two, Bricolage Grotesque for display and Geist for text, are embedded in the
 * document. Everything they lack is drawn as outlines from Noto's variable fonts, a slice of Unicode a file, loaded when a
 * name first needs it.
 */
export type Role = 'text' | 'strong' | 'display'

export type Face = {
  font: Font
  /** The file to embed; null for a face whose glyphs are drawn as outlines. */
  embedded: { name: string; bytes: Buffer } | null
  /** Outlines thinner than the role's weight are drawn with a line this wide around them, in em. */
  embolden_em: number
}

type Slice = { file: string; ranges: readonly (readonly [first: number, last: number])[] }

const require = createRequire(import.meta.url)
const { resolve } = require

const OWN: Readonly<Record<Role, readonly string[]>> = {
  text: geist(400),
  strong: geist(600),
  display: [...own('bricolage-grotesque', 700, ['latin', 'latin-ext', 'vietnamese']), ...geist(700)],
}
const WEIGHTS: Readonly<Record<Role, number>> = { text: 400, strong: 600, display: 700 }
/** What a step of 100 on the weight axis adds to a stem, in em, in Noto Sans. */
const EM_A_WEIGHT = 0.000_14

const NOTO = [
  ...['', '-arabic', '-hebrew', '-thai', '-armenian', '-georgian', '-bengali', '-tamil', '-thaana', '-sc', '-kr'].map(
    (script) => `noto-sans${script}`,
  ),
  'noto-emoji',
]
/** Parsed fonts kept; a name in a rare script may push out another one. */
const FONTS_MAX = 64

const fonts = new Map<string, { font: Font; bytes: Buffer }>()
let slices: readonly Slice[] | undefined

/** The face for one visible character of that role; undefined when no font of ours has it. */
export function faceFor(role: Role, cluster: string): Face | undefined {
  const points = codePoints(cluster)
  for (const file of OWN[role]) {
    const { font, bytes } = load(file)
    if (points.every((point) => font.hasGlyphForCodePoint(point)))
      return { font, embedded: { name: file, bytes }, embolden_em: 0 }
  }
  return notoFor(role, points) ?? notoFor(role, points.slice(0, 1))
}

/** Joiners and variation selectors shape their neighbours and need no glyph of their own. */
export function isJoiner(point: number): boolean {
  return point === 0x200c || point === 0x200d || (point >= 0xfe00 && point <= 0xfe0f)
}

function notoFor(role: Role, points: readonly number[]): Face | undefined {
  const first = points[0]
  if (first === undefined) return undefined
  slices ??= NOTO.flatMap(slicesOf)
  for (const slice of slices) {
    if (!slice.ranges.some(([from, to]) => first >= from && first <= to)) continue
    const { font } = load(slice.file)
    if (!points.every((point) => font.hasGlyphForCodePoint(point))) continue
    const drawn = font.variationAxes.wght?.default ?? 400
    return { font, embedded: null, embolden_em: Math.max(0, (WEIGHTS[role] - drawn) * EM_A_WEIGHT) }
  }
  return undefined
}

function codePoints(cluster: string): number[] {
  return Array.from(cluster, (character) => character.codePointAt(0) ?? 0).filter((point) => !isJoiner(point))
}

function load(file: string): { font: Font; bytes: Buffer } {
  const known = fonts.get(file)
  if (known !== undefined) return known
  const packed = readFileSync(resolve(file))
  const bytes = file.endsWith('.woff') ? sfntOf(packed) : packed
  const font = create(bytes)
  if (!('layout' in font)) throw new Error(`${file} holds more than one font`)
  const oldest = fonts.keys().next().value
  if (fonts.size >= FONTS_MAX && oldest !== undefined) fonts.delete(oldest)
  fonts.set(file, { font, bytes })
  return { font, bytes }
}

function own(family: string, weight: number, subsets: readonly string[]): string[] {
  return subsets.map((subset) => `@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`)
}

function geist(weight: number): string[] {
  return own('geist', weight, ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'])
}

/** A family's files with the ranges that its `unicode.json` gives them. */
function slicesOf(family: string): Slice[] {
  const subsets = JSON.parse(readFileSync(resolve(`@fontsource-variable/${family}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >
  return Object.entries(subsets).map(([subset, ranges]) => ({
    file: `@fontsource-variable/${family}/files/${family}-${subset.replaceAll(/[[\]]/g, '')}-wght-normal.woff2`,
    ranges: ranges.split(',').map((range) => {
      const [from = '', to = from] = range.trim().slice(2).split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
    }),
  }))
}
