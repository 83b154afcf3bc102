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
const DISC = 'M16,50A34,34 0 1 1 84,50A34,34 0 1 1 16,50Z'

/**
 * A filled SVG path in the tile's own 100 × 100 units. The parts of a tile lie side by side and none has the background's
 * colour: a part painted over another one would let that one's colour shine through along the edge that they share.
 */
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

/**
 * The picture as tiles over the background, which is painted once under all of them: each is drawn at x, y, its parts filled
 * and stroked (`POSTER_SEAM_LINE`).
 */
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
  const pieces = (...parts: PosterPart[]) => parts.filter((part) => part.fill !== background)
  if (kind < 4) {
    if (kind % 2 === 0) return [{ d: quarter(corner, 100), fill }]
    return pieces({ d: ring(corner, 100, 50), fill }, { d: quarter(corner, 50), fill: inner })
  }
  if (kind === 4) return [{ d: DISC, fill }]
  if (kind === 5) return pieces({ d: rest(corner), fill }, { d: quarter(corner, 100), fill: inner })
  if (kind === 6) return pieces({ d: ring(corner, 100, 72), fill }, { d: quarter(corner, 44), fill: other })
  return []
}

/** Of a quarter circle in one of the tile's corners, clockwise from the top left: its centre, and where its arc goes. */
function arc(corner: number, radius: number): { centre: string; from: string; to: string } {
  const far = TILE - radius
  if (corner === 0) return { centre: '0,0', from: `${radius},0`, to: `0,${radius}` }
  if (corner === 1) return { centre: '100,0', from: `100,${radius}`, to: `${far},0` }
  if (corner === 2) return { centre: '100,100', from: `${far},100`, to: `100,${far}` }
  return { centre: '0,100', from: `0,${far}`, to: `${radius},100` }
}

function quarter(corner: number, radius: number): string {
  const { centre, from, to } = arc(corner, radius)
  return `M${centre} L${from} A${radius},${radius} 0 0 1 ${to}Z`
}

/** A quarter disc without the smaller one inside. */
function ring(corner: number, radius: number, hole: number): string {
  const [outer, inner] = [arc(corner, radius), arc(corner, hole)]
  return `M${outer.from} A${radius},${radius} 0 0 1 ${outer.to} L${inner.to} A${hole},${hole} 0 0 0 ${inner.from}Z`
}

/** The tile without the quarter disc in its corner. */
function rest(corner: number): string {
  const { from, to } = arc(corner, TILE)
  return `M${from} L${arc((corner + 2) % 4, TILE).centre} L${to} A100,100 0 0 0 ${from}Z`
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
