/** A big room from afar: its sections as shapes, tinted by what is left, with name and price where there is room. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { priceText } from '../../ui/money.ts'
import { type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, mix, type Rgb } from './map-theme.ts'
import { type LabelWish, placeLabels, WORDS_SIZE } from './section-labels.ts'
import type { Steps } from './sliced-painter.ts'

/** Against a seat, which is 1. */
const SECTION_WEIGHT = 8
const LABEL_WEIGHT = 12

/** `words`: what stands under the name, the most important first. `ground`: the tint of the section; null: nothing free. */
export type SectionSummary = { free: number; color: Rgb | null; ground: Rgb | null; words: readonly string[] }

export function sectionPaths({ sections }: Pick<Geometry, 'sections'>): Path2D[] {
  return sections.map(({ outlines }) => {
    const path = new Path2D()
    for (const ring of outlines) {
      for (let n = 0; n + 1 < ring.length; n += 2) {
        if (n === 0) path.moveTo(ring[n] ?? 0, ring[n + 1] ?? 0)
        else path.lineTo(ring[n] ?? 0, ring[n + 1] ?? 0)
      }
      path.closePath()
    }
    return path
  })
}

type Tally = { free: Uint32Array; dimmed: number; held: number }

/** What is left in each section: how many seats and from which price; its commonest free category lends the colour. */
export function summariseSections(scene: MapScene): SectionSummary[] {
  const { geometry, colors, offers } = scene
  const isKnown = scene.states.version >= 0
  const tallies = geometry.sections.map((): Tally => ({ free: new Uint32Array(colors.length), dimmed: 0, held: 0 }))
  for (let seat = 0; seat < geometry.count; seat += 1) {
    const tally = tallies[geometry.section[seat] ?? 0]
    const look = seatLook(scene, seat)
    if (tally === undefined || look === 'gone' || look === 'unknown') continue
    const category = geometry.category[seat] ?? 0
    if (look === 'free') tally.free[category] = (tally.free[category] ?? 0) + 1
    else tally[look] += 1
  }
  return tallies.map((tally, section) => {
    const most = tally.free.indexOf(Math.max(...tally.free))
    const cheapest = offers
      .flatMap((offer, category) => ((tally.free[category] ?? 0) > 0 ? offer.tiers.slice(0, 1) : []))
      .toSorted((a, b) => a.price.amount - b.price.amount)[0]
    const free = tally.free.reduce((sum, count) => sum + count, 0)
    const color = (tally.free[most] ?? 0) > 0 ? (colors[most] ?? null) : null
    const share = free / Math.max(geometry.sections[section]?.seats ?? 1, 1)
    return {
      free,
      color,
      ground: color === null ? null : mix(color, scene.theme.paper, 0.86 - 0.38 * Math.sqrt(share)),
      words:
        cheapest !== undefined
          ? [`${free.toLocaleString('en')} free`, `from ${priceText(cheapest.price)}`]
          : isKnown
            ? wordsForNone(tally)
            : [],
    }
  })
}

/** What is only held may come back, and what the filter hides is not sold. */
function wordsForNone({ dimmed, held }: Tally): string[] {
  if (dimmed > 0) return []
  return [held > 0 ? 'None free just now' : 'Sold out']
}

export function* paintSections(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  paths: readonly Path2D[],
  summaries: readonly SectionSummary[],
  place: Placement,
  alpha: number,
  hovered: number | null,
): Steps {
  const { theme } = scene
  context.save()
  context.globalAlpha = alpha
  context.setTransform(place.scale, 0, 0, place.scale, place.dx, place.dy)
  for (const [section, path] of paths.entries()) {
    const { color, ground } = summaries[section] ?? { color: null, ground: null }
    context.fillStyle = ground === null ? theme.line_2 : cssOf(ground)
    context.fill(path, 'evenodd')
    context.lineWidth = ((hovered === section ? 2.5 : 1) * place.dpr) / place.scale
    context.strokeStyle = hovered === section ? theme.ink : color === null ? theme.line : cssOf(color)
    context.stroke(path)
    yield SECTION_WEIGHT
  }
  context.restore()
}

/** Names, then how many are free and from which price, as far as there is room (see `placeLabels`). Larger sections come first. */
export function* paintSectionLabels(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  summaries: readonly SectionSummary[],
  place: Placement,
  alpha: number,
): Steps {
  const { theme } = scene
  context.save()
  context.globalAlpha = alpha
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const lineWidth = (line: string, is_name: boolean) => emWidth(context, theme.font, is_name ? 600 : 500, line)
  for (const { wish, lines } of placeLabels(labelWishes(scene, summaries, place), place.dpr, lineWidth)) {
    const { x, y, size, ground } = wish
    context.fillStyle = ground === null ? theme.ink_2 : theme.textOn(ground)
    const first = y - size * 0.58 * (lines.length - 1)
    lines.forEach((line, index) => {
      const [weight, px] = index === 0 ? [600, size] : [500, size * WORDS_SIZE]
      context.font = `${weight} ${px.toFixed(1)}px ${theme.font}`
      context.fillText(line, x, first + size * 1.16 * index)
    })
    yield LABEL_WEIGHT
  }
  context.restore()
}

type Wish = LabelWish & Pick<SectionSummary, 'ground'>

function labelWishes(
  { geometry }: MapScene,
  summaries: readonly SectionSummary[],
  { scale, dx, dy, dpr }: Placement,
): Wish[] {
  const wishes = geometry.sections.flatMap((section, n) => {
    const summary = summaries[n]
    const room = Math.sqrt(section.seats) * geometry.pitch * scale
    if (summary === undefined || section.seats === 0 || room < 22 * dpr) return []
    const wish: Wish = {
      ...summary,
      name: room < 64 * dpr ? shortName(section.name) : section.name,
      x: section.center[0] * scale + dx,
      y: section.center[1] * scale + dy,
      room_px: room / dpr,
      size: Math.min(Math.max(room * 0.17, 10 * dpr), 15 * dpr),
      extent: () => extentOf(section.outlines, scale),
    }
    return [{ wish, seats: section.seats }]
  })
  return wishes.sort((a, b) => b.seats - a.seats).map(({ wish }) => wish)
}

function extentOf(outlines: readonly ArrayLike<number>[], scale: number): { across: number; down: number } {
  const [xs, ys] = [0, 1].map((axis) => outlines.flatMap((ring) => Array.from(ring).filter((_, n) => n % 2 === axis)))
  const span = (values: readonly number[] = []) => (Math.max(...values) - Math.min(...values)) * scale
  return { across: span(xs), down: span(ys) }
}

const widths = new Map<string, number>()
const WIDTHS_MAX = 4_000

/** Of a text, in its font's size. Measured once: a map of 200 sections would measure 600 texts a frame. */
function emWidth(context: CanvasRenderingContext2D, font: string, weight: number, text: string): number {
  const key = `${weight} ${font} ${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (widths.size >= WIDTHS_MAX) widths.clear()
  context.font = `${weight} 100px ${font}`
  const width = context.measureText(text).width / 100
  widths.set(key, width)
  return width
}

/** "Block 112" → "112" where only that fits. */
function shortName(name: string): string {
  return /\S+$/.exec(name)?.[0] ?? name
}
