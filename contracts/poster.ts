/**
 * The poster of an event that has no art: a mosaic of quarter-circle tiles, always the same for the same title. The
 * palette comes from the genre, the rhythm from the title's hash. Data out, so that the browser, the server's SVG and the
 * printed ticket draw the same picture.
 */

type Palette = readonly [background: string, a: string, b: string, c: string]

const MUSIC: Palette = ['#1d1a39', '#f7c548', '#e4572e', '#f5efe6']
const PALETTES: ReadonlyMap<string, Palette> = new Map<string, Palette>([
  ['music', MUSIC],
  ['theatre', ['#3b0d11', '#e8a33d', '#f6e7d7', '#b3262a']],
  ['classical', ['#0f3d3e', '#f2b035', '#f4ecd8', '#d1495b']],
  ['comedy', ['#ffd23f', '#1f1f1f', '#ee4266', '#fff6df']],
  ['dance', ['#2e1f47', '#ff8fa3', '#fdf0d5', '#5f7adb']],
  ['jazz', ['#102542', '#f87060', '#cdd7d6', '#f5f0e6']],
  ['sport', ['#0b3d20', '#f2f2e9', '#e63946', '#9ad14b']],
  ['film', ['#161616', '#e9e4d4', '#c8553d', '#588b8b']],
])

const TILE = 100
/**
 * Every part is filled and stroked in its own colour, by a line this wide on the page (pixels, or points in print): filled
 * edges that meet between two pixels would let the ground shine through.
 */
export const POSTER_SEAM_LINE = 1
const SQUARE = 'M0,0H100V100H0Z'
const DISC = 'M16,50A34,34 0 1 1 84,50A34,34 0 1 1 16,50Z'

/** A filled SVG path in the tile's own 100 × 100 units. */
export type PosterPart = { d: string; fill: string }
export type PosterTile = { x: number; y: number; parts: PosterPart[] }
export type Poster = { width: number; height: number; background: string; tiles: PosterTile[] }

export type PosterOptions = {
  title: string
  genre: string
  /** Another picture for the same title. */
  salt?: number
  /** Width over height: 0.8 is a poster, above 1.6 a band. */
  ratio?: number
}

/** The picture as tiles: each is drawn at x, y, its parts in order, filled and stroked (`POSTER_SEAM_LINE`). */
export function poster(options: PosterOptions): Poster {
  const { title, genre, salt = 0, ratio = 0.8 } = options
  const palette = PALETTES.get(genre.toLowerCase()) ?? MUSIC
  const columns = ratio > 1.6 ? 10 : 4
  const rows = Math.max(2, Math.round(columns / ratio))
  const symmetric = firstDraw(hashOf(title + salt) || 1) > 0.45
  const tiles: PosterTile[] = []
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const mirrored = symmetric && x >= columns / 2
      const source = mirrored ? columns - 1 - x : x
      const chance = hashOf(`${title}|${source}|${y}|${salt}`) / 2 ** 32
      const parts = tileParts(palette, chance, mirrored && source !== x)
      if (parts.length > 0) tiles.push({ x: x * TILE, y: y * TILE, parts })
    }
  }
  return { width: columns * TILE, height: rows * TILE, background: palette[0], tiles }
}

function tileParts([background, a, b, c]: Palette, chance: number, turned: boolean): PosterPart[] {
  const kind = Math.floor(chance * 997) % 8
  const colour = Math.floor(chance * 7919) % 3
  const fill = [a, b, c][colour] ?? a
  const other = [b, c, a][Math.floor(chance * 104_729) % 3] ?? b
  const inner = other === fill ? background : other
  const turn = Math.floor(chance * 31)
  const corner = (turn + (turned ? (turn % 2 === 1 ? 3 : 1) : 0)) % 4
  if (kind < 4) {
    const outer = { d: quarter(corner, 100), fill }
    return kind % 2 === 1 ? [outer, { d: quarter(corner, 50), fill: inner }] : [outer]
  }
  if (kind === 4) return [{ d: DISC, fill }]
  if (kind === 5)
    return [
      { d: SQUARE, fill },
      { d: quarter(corner, 100), fill: inner },
    ]
  if (kind === 6) {
    return [
      { d: quarter(corner, 100), fill },
      { d: quarter(corner, 72), fill: background },
      { d: quarter(corner, 44), fill: other },
    ]
  }
  return []
}

/** A quarter disc in one of the tile's corners, clockwise from the top left. */
function quarter(corner: number, radius: number): string {
  const rest = TILE - radius
  const arc = `A${radius},${radius} 0 0 1`
  if (corner === 0) return `M0,0 L${radius},0 ${arc} 0,${radius}Z`
  if (corner === 1) return `M100,0 L100,${radius} ${arc} ${rest},0Z`
  if (corner === 2) return `M100,100 L${rest},100 ${arc} 100,${rest}Z`
  return `M0,100 L0,${rest} ${arc} ${radius},100Z`
}

/** FNV-1a over code points, 32 bits. */
function hashOf(text: string): number {
  let hash = 2_166_136_261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return hash >>> 0
}

/** One step of a mixing generator, as a number in [0, 1). */
function firstDraw(seed: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 15), 2_246_822_519) ^ Math.imul(seed ^ (seed >>> 13), 3_266_489_917)
  return (mixed >>> 0) / 2 ** 32
}
