/** A big room from afar: its sections as shapes, tinted by what is left, with name and price where there is room. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { fromText } from '../../ui/money.ts'
import { type Box, meet } from './camera.ts'
import { type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, mix, type Rgb } from './map-theme.ts'
import { type LabelWish, type PlacedLabel, placeLabels, WORDS_SIZE } from './section-labels.ts'
import type { Steps } from './sliced-painter.ts'
import type { Tile } from './tiles.ts'

/** Against a seat, which is 1. */
const SECTION_WEIGHT = 8
const LABEL_WEIGHT = 12

/** `words`: what stands under the name, the most important first. `ground`: the tint of the section; null: nothing free. */
export type SectionSummary = { free: number; color: Rgb | null; ground: Rgb | null; words: readonly string[] }

export type SectionShape = { path: Path2D; box: Box }

export function sectionShapes({ sections }: Pick<Geometry, 'sections'>): SectionShape[] {
  return sections.map(({ outlines }) => {
    const path = new Path2D()
    const { POSITIVE_INFINITY: far } = Number
    const box = { left: far, top: far, right: -far, bottom: -far }
    for (const ring of outlines) {
      for (let n = 0; n + 1 < ring.length; n += 2) {
        const [x, y] = [ring[n] ?? 0, ring[n + 1] ?? 0]
        if (n === 0) path.moveTo(x, y)
        else path.lineTo(x, y)
        box.left = Math.min(box.left, x)
        box.top = Math.min(box.top, y)
        box.right = Math.max(box.right, x)
        box.bottom = Math.max(box.bottom, y)
      }
      path.closePath()
    }
    return { path, box }
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
          ? [`${free.toLocaleString('en')} free`, fromText(cheapest.price)]
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
  sections: readonly SectionShape[],
  summaries: readonly SectionSummary[],
  place: Placement,
  box: Box,
  alpha: number,
  hovered: number | null,
): Steps {
  const { theme } = scene
  context.save()
  context.globalAlpha = alpha
  context.transform(place.scale, 0, 0, place.scale, place.dx, place.dy)
  for (const [section, { path, box: own }] of sections.entries()) {
    if (!meet(own, box)) continue
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

export type SectionLabel = PlacedLabel<Wish>

/** Names, then how many are free and from which price, as far as there is room (see `placeLabels`). Larger sections come first. */
export function placeSectionLabels(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  shapes: readonly SectionShape[],
  summaries: readonly SectionSummary[],
  place: Placement,
): SectionLabel[] {
  const { font } = scene.theme
  const lineWidth = (line: string, is_name: boolean) => emWidth(context, font, is_name ? 600 : 500, line)
  return placeLabels(labelWishes(scene, shapes, summaries, place), place.dpr, lineWidth)
}

/** Those that reach into the tile. */
export function* paintSectionLabels(
  context: CanvasRenderingContext2D,
  { theme }: MapScene,
  labels: readonly SectionLabel[],
  { left, top, width, height }: Tile,
  alpha: number,
): Steps {
  const seen = { left, top, right: left + width, bottom: top + height }
  context.save()
  context.globalAlpha = alpha
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { wish, lines, box } of labels) {
    if (!meet(box, seen)) continue
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
  shapes: readonly SectionShape[],
  summaries: readonly SectionSummary[],
  { scale, dx, dy, dpr }: Placement,
): Wish[] {
  const wishes = geometry.sections.flatMap((section, n) => {
    const summary = summaries[n]
    const box = shapes[n]?.box
    const room = Math.sqrt(section.seats) * geometry.pitch * scale
    if (summary === undefined || box === undefined || section.seats === 0 || room < 22 * dpr) return []
    const wish: Wish = {
      ...summary,
      name: room < 64 * dpr ? shortName(section.name) : section.name,
      x: section.center[0] * scale + dx,
      y: section.center[1] * scale + dy,
      room_px: room / dpr,
      size: Math.min(Math.max(room * 0.17, 10 * dpr), 15 * dpr),
      extent: () => ({ across: (box.right - box.left) * scale, down: (box.bottom - box.top) * scale }),
    }
    return [{ wish, seats: section.seats }]
  })
  return wishes.sort((a, b) => b.seats - a.seats).map(({ wish }) => wish)
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
