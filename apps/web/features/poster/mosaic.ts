import { POSTER_SEAM_LINE, poster } from '@tessera/contracts/poster'

export type Mosaic = { width: number; height: number; ground: string; shapes: { fill: string; d: string }[] }

/**
 * The poster of an event without art, for a page: the tiles that server and print draw one by one, with the shapes of one
 * colour and layer melted into one path. That keeps it near two kilobytes. `ratio` is width ÷ height.
 */
export function mosaic(title: string, genre: string, ratio = 0.8): Mosaic {
  const { width, height, background, tiles } = poster({ title, genre, ratio })
  const layers: Map<string, string>[] = []
  for (const { x, y, parts } of tiles) {
    parts.forEach(({ d, fill }, depth) => {
      layers[depth] ??= new Map()
      const paths = layers[depth]
      paths.set(fill, (paths.get(fill) ?? '') + shifted(d, x, y))
    })
  }
  const shapes = layers.flatMap((paths) => [...paths].map(([fill, d]) => ({ fill, d })))
  return { width, height, ground: background, shapes }
}

/** How every shape is stroked: see `POSTER_SEAM_LINE`. */
export const SEAMLESS = { strokeWidth: POSTER_SEAM_LINE, vectorEffect: 'non-scaling-stroke' } as const

/** The mosaic as a document of its own, for link previews. */
export function mosaicSvg(title: string, genre: string, ratio: number): string {
  const { width, height, ground, shapes } = mosaic(title, genre, ratio)
  const paths = shapes
    .map(({ fill, d }) => `<path fill="${fill}" stroke="${fill}" stroke-width="${SEAMLESS.strokeWidth}" d="${d}"/>`)
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${ground}"/>${paths}</svg>`
}

/** A path of absolute M, L, H, V, A, Z commands, moved by x, y. */
function shifted(d: string, x: number, y: number): string {
  return d.replace(/([MLHVA])([^MLHVAZ]*)/g, (_, command: string, rest: string) => {
    const numbers = (rest.match(/-?[\d.]+/g) ?? []).map(Number)
    if (command === 'H') return `H${(numbers[0] ?? 0) + x}`
    if (command === 'V') return `V${(numbers[0] ?? 0) + y}`
    const [to_x = 0, to_y = 0] = numbers.slice(-2)
    const before = numbers.slice(0, -2)
    return `${command}${[...before, to_x + x, to_y + y].join(' ')}`
  })
}
