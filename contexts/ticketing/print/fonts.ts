import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as fontkit from 'fontkit'
import * as harfbuzz from 'harfbuzzjs'
import decompressWoff2 from 'wawoff2/decompress.js'
import type { NotoSlice } from './noto.ts'
import { sfntOf } from './sfnt.ts'

/** The role of a text on the page, which decides family and weight. */
export type Role = 'text' | 'strong' | 'display'

/** One of our own fonts: embedded in the document, so that its text is text for PDF readers. */
export type OwnFace = { kind: 'own'; name: string; bytes: Buffer; font: fontkit.Font }
/** A font of Noto: shaped by HarfBuzz and drawn as outlines, since a document would need hundreds of them. */
export type NotoFace = { kind: 'noto'; name: string; font: harfbuzz.Font; units_per_em: number }
export type Face = OwnFace | NotoFace

const WEIGHTS: Readonly<Record<Role, number>> = { text: 400, strong: 600, display: 700 }
const BRICOLAGE = ['latin', 'latin-ext', 'vietnamese']
const GEIST = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese']
/** Parsed fonts to cache; a name in a rare script may evict another one. */
const FONTS_MAX = 64

const { resolve } = createRequire(import.meta.url)
const loaded = new Map<string, Promise<Face>>()

/** The files of our own families for a role: the first one that covers a whole text is used. */
export function ownFamilies(role: Role): Promise<OwnFace[]>[] {
  const weight = WEIGHTS[role]
  const families = [family('geist', weight, GEIST)]
  if (role === 'display') families.unshift(family('bricolage-grotesque', weight, BRICOLAGE))
  return families.map((files) => Promise.all(files.map(loadOwn)))
}

/** The face of a slice in the weight of a role, or in the weight nearest to it. */
export async function loadNoto(slice: NotoSlice, role: Role): Promise<NotoFace> {
  const wanted = WEIGHTS[role]
  const weight = nearest(slice.weights ?? [wanted], wanted)
  const file = slice.file(weight)
  const face = await loadOnce(`${file} ${weight}`, async () => {
    const font = new harfbuzz.Font(new harfbuzz.Face(new harfbuzz.Blob(await plainFont(file))))
    if (slice.weights === null) font.setVariations([new harfbuzz.Variation('wght', weight)])
    return { kind: 'noto', name: file, font, units_per_em: font.face.upem }
  })
  if (face.kind !== 'noto') throw new Error(`${file} is one of our own`)
  return face
}

export function hasGlyph(face: Face, point: number): boolean {
  return face.kind === 'own' ? face.font.hasGlyphForCodePoint(point) : (face.font.nominalGlyph(point) ?? 0) !== 0
}

async function loadOwn(file: string): Promise<OwnFace> {
  const face = await loadOnce(file, async () => {
    const bytes = Buffer.from(await plainFont(file))
    const font = fontkit.create(bytes)
    if (!('layout' in font)) throw new Error(`${file} holds more than one font`)
    return { kind: 'own', name: file, bytes, font }
  })
  if (face.kind !== 'own') throw new Error(`${file} is one of Noto's`)
  return face
}

function loadOnce(key: string, load: () => Promise<Face>): Promise<Face> {
  const known = loaded.get(key) ?? load()
  // Deleted and set again, so that the first key is the least recently used.
  loaded.delete(key)
  loaded.set(key, known)
  const oldest = loaded.keys().next().value
  if (loaded.size > FONTS_MAX && oldest !== undefined) loaded.delete(oldest)
  return known
}

async function plainFont(file: string): Promise<Uint8Array> {
  const packed = readFileSync(resolve(file))
  if (file.endsWith('.woff')) return sfntOf(packed)
  return file.endsWith('.woff2') ? decompressWoff2(packed) : packed
}

function family(name: string, weight: number, subsets: readonly string[]): string[] {
  return subsets.map((subset) => `@fontsource/${name}/files/${name}-${subset}-${weight}-normal.woff`)
}

function nearest(weights: readonly number[], wanted: number): number {
  return weights.reduce((best, weight) => (Math.abs(weight - wanted) < Math.abs(best - wanted) ? weight : best))
}
