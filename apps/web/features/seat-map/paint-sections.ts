/** A big room from afar: its sections as shapes, tinted by what is left, with name and price where there is room. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { priceText } from '../../ui/money.ts'
import { type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, mix, type Rgb } from './map-theme.ts'

/** `words`: what stands under the name. */
export type SectionSummary = { free: number; color: Rgb | null; words: string }

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

/** What is left in each section: its commonest free category lends the colour, its cheapest tier the price. */
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
  return tallies.map((tally) => {
    const most = tally.free.indexOf(Math.max(...tally.free))
    const cheapest = offers
      .flatMap((offer, category) => ((tally.free[category] ?? 0) > 0 ? offer.tiers.slice(0, 1) : []))
      .toSorted((a, b) => a.price.amount - b.price.amount)[0]
    return {
      free: tally.free.reduce((sum, count) => sum + count, 0),
      color: (tally.free[most] ?? 0) > 0 ? (colors[most] ?? null) : null,
      words: cheapest !== undefined ? `from ${priceText(cheapest.price)}` : isKnown ? wordsForNone(tally) : '',
    }
  })
}

/** What is only held may come back, and what the filter hides is not sold. */
function wordsForNone({ dimmed, held }: Tally): string {
  if (dimmed > 0) return ''
  return held > 0 ? 'None free just now' : 'Sold out'
}

export function paintSections(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  paths: readonly Path2D[],
  summaries: readonly SectionSummary[],
  place: Placement,
  alpha: number,
  hovered: number | null,
): void {
  const { geometry, theme } = scene
  context.save()
  context.globalAlpha = alpha
  context.setTransform(place.scale, 0, 0, place.scale, place.dx, place.dy)
  paths.forEach((path, section) => {
    const { free, color } = summaries[section] ?? { free: 0, color: null }
    const share = free / Math.max(geometry.sections[section]?.seats ?? 1, 1)
    context.fillStyle = color === null ? theme.line_2 : cssOf(mix(color, theme.paper, 0.86 - 0.38 * Math.sqrt(share)))
    context.fill(path, 'evenodd')
    context.lineWidth = ((hovered === section ? 2.5 : 1) * place.dpr) / place.scale
    context.strokeStyle = hovered === section ? theme.ink : color === null ? theme.line : cssOf(color)
    context.stroke(path)
  })
  context.restore()
}

type Label = { left: number; right: number; top: number; bottom: number }

/** Names, then prices; a label that would touch an earlier one is left out. Larger sections speak first. */
export function paintSectionLabels(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  summaries: readonly SectionSummary[],
  { scale, dx, dy, dpr }: Placement,
  alpha: number,
): void {
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
    const showsWords = room > 84 * dpr && summary.words !== ''
    context.font = `600 ${size.toFixed(1)}px ${theme.font}`
    const half = context.measureText(name).width / 2 + dpr
    const [x, y] = [section.center[0] * scale + dx, section.center[1] * scale + dy]
    const label = { left: x - half, right: x + half, top: y - size, bottom: y + size * (showsWords ? 1.9 : 1) }
    const touches = (other: Label) =>
      label.left < other.right && label.right > other.left && label.top < other.bottom && label.bottom > other.top
    if (room < 22 * dpr || drawn.some(touches)) continue
    drawn.push(label)
    context.fillStyle = summary.free === 0 ? theme.ink_3 : theme.ink
    context.fillText(name, x, showsWords ? y - size * 0.5 : y)
    if (!showsWords) continue
    context.font = `500 ${(size * 0.84).toFixed(1)}px ${theme.font}`
    context.fillStyle = summary.free === 0 ? theme.ink_3 : theme.ink_2
    context.fillText(summary.words, x, y + size * 0.72)
  }
  context.restore()
}

/** "Block 112" → "112" where only that fits. */
function shortName(name: string): string {
  return /\S+$/.exec(name)?.[0] ?? name
}
