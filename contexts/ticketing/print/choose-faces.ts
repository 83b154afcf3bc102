import { type Face, hasGlyph, loadNoto, type NotoFace, type OwnFace, ownFamilies, type Role } from './fonts.ts'
import { hanSlices, NOTO_SANS, type NotoSlice, notoSlices } from './noto.ts'

/** The face of a cluster (undefined: no font has it, and a box is drawn) and the characters to draw. */
export type Written = { face: Face | undefined; text: string }

/** The faces of one text: a cluster has the same face in each of its lines. */
export type FaceChoice = ReadonlyMap<string, Written>

export const ELLIPSIS = '…'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u
/** Joiners, variation selectors and tags shape adjacent characters and need no glyph of their own. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u

/** User-perceived characters: a letter with its marks, an emoji sequence. */
export function clustersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), (segment) => segment.segment)
}

/**
 * Chooses the faces of a text. An alphabet has one face from the first letter to the last: ours, or Noto Sans when ours
 * lacks any of its letters, so that no word mixes two. A character that no font has is replaced by its plain equivalent
 * if there is one (𝐓 as T), and by a box otherwise.
 */
export async function chooseFaces(role: Role, text: string): Promise<FaceChoice> {
  const clusters = [...new Set(clustersOf(text + ELLIPSIS))]
  const own = await Promise.all(ownFamilies(role))
  const chosen = new Map<string, Written>()
  for (const alphabet of ALPHABETS) {
    const letters = clusters.filter((cluster) => alphabet.test(cluster))
    const faces = [...own, [await loadNoto(NOTO_SANS, role)]].find((family) => writesAll(family, letters))
    for (const letter of faces === undefined ? [] : letters) set(chosen, letter, faceIn(faces ?? [], letter))
  }
  const ideographs = clusters.filter((cluster) => HAN.test(cluster))
  const language = hanOrder(text)
  for (const cluster of ideographs) set(chosen, cluster, await faceOfHan(role, cluster, language))
  for (const cluster of clusters) {
    if (chosen.get(cluster)?.face !== undefined) continue
    chosen.set(cluster, await fallback(role, own, cluster))
  }
  return chosen
}

function set(chosen: Map<string, Written>, cluster: string, face: Face | undefined): void {
  if (face !== undefined) chosen.set(cluster, { face, text: cluster })
}

async function fallback(role: Role, own: readonly OwnFace[][], cluster: string): Promise<Written> {
  for (const text of new Set([cluster, cluster.normalize('NFKC')])) {
    const face = faceIn(own.flat(), text) ?? (await anyNoto(role, visiblePoints(text)))
    if (face !== undefined) return { face, text }
  }
  // Dropping marks that no font has is better than a box in place of the letter.
  const [first] = visiblePoints(cluster)
  const face =
    first === undefined
      ? undefined
      : (faceIn(own.flat(), String.fromCodePoint(first)) ?? (await anyNoto(role, [first])))
  if (face === undefined) return { face, text: cluster }
  return {
    face,
    text: Array.from(cluster)
      .filter((character) => canWrite(face, character))
      .join(''),
  }
}

async function anyNoto(role: Role, points: readonly number[]): Promise<NotoFace | undefined> {
  return (await faceOfSlices(role, [NOTO_SANS], points)) ?? (await faceOfSlices(role, notoSlices(), points))
}

async function faceOfHan(role: Role, cluster: string, order: readonly Han[]): Promise<NotoFace | undefined> {
  for (const language of order) {
    const face = await faceOfSlices(role, hanSlices(language), visiblePoints(cluster))
    if (face !== undefined) return face
  }
  return undefined
}

type Han = Parameters<typeof hanSlices>[0]

/** Ideographs differ by language; the scripts beside them show which one it is. */
function hanOrder(text: string): readonly Han[] {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return ['jp', 'sc', 'tc', 'kr']
  if (/\p{Script=Hangul}/u.test(text)) return ['kr', 'sc', 'tc', 'jp']
  if (/\p{Script=Bopomofo}/u.test(text)) return ['tc', 'sc', 'jp', 'kr']
  return ['sc', 'tc', 'jp', 'kr']
}

async function faceOfSlices(
  role: Role,
  slices: readonly NotoSlice[],
  points: readonly number[],
): Promise<NotoFace | undefined> {
  const [first] = points
  if (first === undefined) return undefined
  for (const slice of slices) {
    if (!slice.ranges.some(([from, to]) => first >= from && first <= to)) continue
    const face = await loadNoto(slice, role)
    if (points.every((point) => hasGlyph(face, point))) return face
  }
  return undefined
}

function writesAll(family: readonly Face[], clusters: readonly string[]): boolean {
  return clusters.every((cluster) => faceIn(family, cluster) !== undefined)
}

function faceIn(family: readonly Face[], cluster: string): Face | undefined {
  const points = visiblePoints(cluster)
  return points.length === 0 ? undefined : family.find((face) => points.every((point) => hasGlyph(face, point)))
}

/** True when a face has every glyph of the next character, so that it may continue with it. */
export function canWrite(face: Face, cluster: string): boolean {
  return visiblePoints(cluster).every((point) => hasGlyph(face, point))
}

function visiblePoints(cluster: string): number[] {
  return Array.from(cluster)
    .filter((character) => !INVISIBLE.test(character))
    .map((character) => character.codePointAt(0) ?? 0)
}
