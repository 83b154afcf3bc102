/**
 * A poster for an event that has no art: a mosaic of quarter circles (tesserae), always the same for the same title and
 * genre. Palette by genre, rhythm by the title's hash. In each of its three layers the shapes of one colour are one path,
 * which keeps a poster near one kilobyte and free of seams between neighbours of that colour.
 */
type Palette = readonly [ground: string, first: string, second: string, third: string]

export const PALETTES: Readonly<Record<string, Palette>> = {
  music: ['#1d1a39', '#f7c548', '#e4572e', '#f5efe6'],
  theatre: ['#3b0d11', '#e8a33d', '#f6e7d7', '#b3262a'],
  classical: ['#0f3d3e', '#f2b035', '#f4ecd8', '#d1495b'],
  comedy: ['#ffd23f', '#1f1f1f', '#ee4266', '#fff6df'],
  dance: ['#2e1f47', '#ff8fa3', '#fdf0d5', '#5f7adb'],
  jazz: ['#102542', '#f87060', '#cdd7d6', '#f5f0e6'],
  sport: ['#0b3d20', '#f2f2e9', '#e63946', '#9ad14b'],
  film: ['#161616', '#e9e4d4', '#c8553d', '#588b8b'],
}
const FALLBACK: Palette = ['#1d1a39', '#f7c548', '#e4572e', '#f5efe6']
const TILE = 100

export type Mosaic = { width: number; height: number; ground: string; shapes: { fill: string; d: string }[] }
type Shape = { fill: string; radius: number } | { fill: string; form: 'disc' | 'square' }

/** `ratio` is width ÷ height; tiles stay square, so wide posters have more columns. */
export function mosaic(title: string, genre: string, ratio = 0.8): Mosaic {
  const palette = PALETTES[genre.toLowerCase()] ?? FALLBACK
  const columns = ratio > 1.6 ? 10 : 4
  const rows = Math.max(2, Math.round(columns / ratio))
  const mirrored = hash(`${title}#`) % 100 > 45
  const layers: Map<string, string>[] = [new Map(), new Map(), new Map()]
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const reflected = mirrored && x >= columns / 2
      const r = hash(`${title}|${reflected ? columns - 1 - x : x}|${y}`) / 2 ** 32
      const quarter = Math.floor(r * 31) % 4
      const turned = reflected ? MIRRORED_QUARTER[quarter] : quarter
      tile(r, palette).forEach((shape, layer) => {
        const paths = layers[layer]
        paths?.set(shape.fill, (paths.get(shape.fill) ?? '') + outline(shape, x * TILE, y * TILE, turned ?? quarter))
      })
    }
  }
  const shapes = layers.flatMap((paths) => [...paths].map(([fill, d]) => ({ fill, d })))
  return { width: columns * TILE, height: rows * TILE, ground: palette[0], shapes }
}

/** Quarters are the corners a circle is centred on: 0 top left, 1 top right, 2 bottom right, 3 bottom left. */
const MIRRORED_QUARTER = [1, 0, 3, 2]

function tile(r: number, [ground, a, b, c]: Palette): Shape[] {
  const fill = [a, b, c][Math.floor(r * 7919) % 3] ?? a
  const other = [b, c, a][Math.floor(r * 104729) % 3] ?? b
  const contrast = other === fill ? ground : other
  const kind = Math.floor(r * 997) % 8
  if (kind === 4) return [{ fill, form: 'disc' }]
  if (kind === 5)
    return [
      { fill, form: 'square' },
      { fill: contrast, radius: 100 },
    ]
  if (kind === 6)
    return [
      { fill, radius: 100 },
      { fill: ground, radius: 72 },
      { fill: contrast, radius: 44 },
    ]
  if (kind === 7) return []
  return kind % 2
    ? [
        { fill, radius: 100 },
        { fill: contrast, radius: 50 },
      ]
    : [{ fill, radius: 100 }]
}

function outline(shape: Shape, x: number, y: number, quarter: number): string {
  if ('form' in shape) {
    if (shape.form === 'disc') return `M${x + 16} ${y + 50}a34 34 0 0 1 68 0a34 34 0 0 1-68 0z`
    return `M${x} ${y}h${TILE}v${TILE}h${-TILE}z`
  }
  const r = shape.radius
  if (quarter === 0) return `M${x} ${y}h${r}a${r} ${r} 0 0 1-${r} ${r}z`
  if (quarter === 1) return `M${x + TILE} ${y}v${r}a${r} ${r} 0 0 1-${r}-${r}z`
  if (quarter === 2) return `M${x + TILE} ${y + TILE}h-${r}a${r} ${r} 0 0 1 ${r}-${r}z`
  return `M${x} ${y + TILE}v-${r}a${r} ${r} 0 0 1 ${r} ${r}z`
}

/** FNV-1a over code points: the same on every machine, which Math.random is not. */
function hash(text: string): number {
  let h = 2166136261
  for (const character of text) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619)
  // FNV leaves neighbours alike (`|1|2`, `|1|3`); one round of mixing tells them apart.
  h = Math.imul(h ^ (h >>> 15), 2246822519)
  return (h ^ (h >>> 13)) >>> 0
}

/** The mosaic as a document of its own, for link previews. */
export function mosaicSvg(title: string, genre: string, ratio: number): string {
  const { width, height, ground, shapes } = mosaic(title, genre, ratio)
  const paths = shapes.map(({ fill, d }) => `<path fill="${fill}" d="${d}"/>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${ground}"/>${paths}</svg>`
}
