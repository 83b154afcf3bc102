/** A big room from afar: its sections as shapes, tinted by what is left, with name and price where there is room. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { priceText } from '../../ui/money.ts'
import { type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, mix, type Rgb } from './map-theme.ts'
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

type Label = { left: number; right: number; top: number; bottom: number }

/** `inside`: only where the section itself has room for it. */
type LabelChoice = { lines: readonly string[]; inside: boolean }

/**
 * What may be written on a section `room_px` CSS pixels across, the fullest first: name and words, the number of free
 * seats alone below or beside the name, the name.
 */
export function labelChoices(
  name: string,
  { free, words }: Pick<SectionSummary, 'free' | 'words'>,
  room_px: number,
): LabelChoice[] {
  const wanted = words.slice(0, room_px > 116 ? 2 : room_px > 40 ? 1 : 0)
  const number = free.toLocaleString('en')
  const numbered = [[name, number], [`${name} · ${number}`]].map((lines) => ({ lines, inside: true }))
  return [
    ...(wanted.length > 0 ? [{ lines: [name, ...wanted], inside: false }] : []),
    ...(words.length > 0 ? numbered : []),
    { lines: [name], inside: false },
  ]
}

/** Names, then how many are free and from which price, as far as there is room; a label that would touch an earlier one is left out. Larger sections come first. */
export function* paintSectionLabels(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  summaries: readonly SectionSummary[],
  { scale, dx, dy, dpr }: Placement,
  alpha: number,
): Steps {
  const { geometry, theme } = scene
  const drawn: Label[] = []
  context.save()
  context.globalAlpha = alpha
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const bySize = geometry.sections
    .map((_, n) => n)
    .sort((a, b) => (geometry.sections[b]?.seats ?? 0) - (geometry.sections[a]?.seats ?? 0) || a - b)
  for (const n of bySize) {
    const section = geometry.sections[n]
    const summary = summaries[n]
    if (section === undefined || summary === undefined || section.seats === 0) continue
    const room = Math.sqrt(section.seats) * geometry.pitch * scale
    const name = room < 64 * dpr ? shortName(section.name) : section.name
    const size = Math.min(Math.max(room * 0.17, 10 * dpr), 15 * dpr)
    if (room < 22 * dpr) continue
    const words_size = size * 0.84
    const [x, y] = [section.center[0] * scale + dx, section.center[1] * scale + dy]
    const labelOf = (lines: readonly string[]): Label => {
      const widths = lines.map((line, index) =>
        index === 0
          ? size * emWidth(context, theme.font, 600, line)
          : words_size * emWidth(context, theme.font, 500, line),
      )
      const half = Math.max(...widths) / 2 + dpr
      const tall = size * (1 + 0.6 * (lines.length - 1))
      return { left: x - half, right: x + half, top: y - tall, bottom: y + tall }
    }
    const extent = extentOf(section.outlines)
    const fits = (lines: readonly string[], { left, right }: Label) =>
      right - left <= extent.across * scale && lines.length * size * 1.1 <= extent.down * scale
    const choice = labelChoices(name, summary, room / dpr)
      .map((one) => ({ ...one, label: labelOf(one.lines) }))
      .find(
        ({ lines, label, inside }) => !drawn.some((other) => touch(label, other)) && (!inside || fits(lines, label)),
      )
    if (choice === undefined) continue
    const { label, lines } = choice
    drawn.push(label)
    context.fillStyle = summary.ground === null ? theme.ink_2 : theme.textOn(summary.ground)
    const first = y - size * 0.58 * (lines.length - 1)
    lines.forEach((line, index) => {
      context.font =
        index === 0 ? `600 ${size.toFixed(1)}px ${theme.font}` : `500 ${words_size.toFixed(1)}px ${theme.font}`
      context.fillText(line, x, first + size * 1.16 * index)
    })
    yield LABEL_WEIGHT
  }
  context.restore()
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

function touch(one: Label, other: Label): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top
}

/** "Block 112" → "112" where only that fits. */
function shortName(name: string): string {
  return /\S+$/.exec(name)?.[0] ?? name
}

function extentOf(outlines: readonly ArrayLike<number>[]): { across: number; down: number } {
  const [xs, ys] = [0, 1].map((axis) => outlines.flatMap((ring) => Array.from(ring).filter((_, n) => n % 2 === axis)))
  const span = (values: readonly number[] = []) => Math.max(...values) - Math.min(...values)
  return { across: span(xs), down: span(ys) }
}
