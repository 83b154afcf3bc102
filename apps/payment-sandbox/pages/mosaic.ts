import { type Html, html } from './html.ts'

const PALETTE = ['#f2b035', '#d1495b', '#f4ecd8'] as const
const GROUND = '#0f3d3e'
const TILE = 100

/** Quarter circles by the corner that they fill. */
const QUARTERS = [
  'M0 0H100A100 100 0 0 1 0 100Z',
  'M100 0V100A100 100 0 0 1 0 0Z',
  'M100 100H0A100 100 0 0 1 100 0Z',
  'M0 100V0A100 100 0 0 1 100 100Z',
] as const

/** What is left of the square without its quarter: drawn as one shape, for two on top of each other show their edges. */
const REMAINDERS = [
  'M100 0V100H0A100 100 0 0 0 100 0Z',
  'M100 100H0V0A100 100 0 0 0 100 100Z',
  'M0 100V0H100A100 100 0 0 0 0 100Z',
  'M0 0H100V100A100 100 0 0 0 0 0Z',
] as const

/** A band of tesserae, always the same for the same text and mirrored in its middle, as Tessera's posters are. */
export function mosaic(text: string, columns: number, rows: number): Html {
  const tiles: Html[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const mirrored = column >= columns / 2
      const source = mirrored ? columns - 1 - column : column
      tiles.push(tile(hash(`${text}|${source}|${row}`), column * TILE, row * TILE, mirrored))
    }
  }
  return html`<svg viewBox="0 0 ${columns * TILE} ${rows * TILE}" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><rect width="100%" height="100%" fill="${GROUND}"/>${tiles}</svg>`
}

function tile(seed: number, x: number, y: number, mirrored: boolean): Html {
  const fill = PALETTE[seed % PALETTE.length] ?? GROUND
  const inner = PALETTE[(seed >>> 4) % PALETTE.length] ?? GROUND
  // A hair larger than its place, so that no seam shows between neighbours.
  const flip = mirrored
    ? `translate(${x + TILE + 0.4} ${y - 0.4}) scale(-1.008 1.008)`
    : `translate(${x - 0.4} ${y - 0.4}) scale(1.008)`
  const quarter = QUARTERS[(seed >>> 8) % 4] ?? QUARTERS[0]
  const remainder = REMAINDERS[(seed >>> 8) % 4] ?? REMAINDERS[0]
  switch ((seed >>> 12) % 6) {
    case 0:
      return html`<circle cx="${x + 50}" cy="${y + 50}" r="32" fill="${fill}"/>`
    case 1:
      return html`<g transform="${flip}"><path d="${remainder}" fill="${fill}"/>${inner === fill ? null : html`<path d="${quarter}" fill="${inner}"/>`}</g>`
    case 2:
      return html``
    default:
      return html`<path transform="${flip}" d="${quarter}" fill="${fill}"/>`
  }
}

function hash(text: string): number {
  let value = 2_166_136_261
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 16_777_619)
  value = Math.imul(value ^ (value >>> 15), 2_246_822_519)
  return (value ^ (value >>> 13)) >>> 0
}
