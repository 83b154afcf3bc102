/** A big room from afar: its sections as shapes, tinted by what is left, with name and price where there is room. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { priceText } from '../../ui/money.ts'
import { type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, mix, type Rgb } from './map-theme.ts'

export type SectionSummary = { free: number; color: Rgb | null; from: string | null }

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

/** What is left in each section: its commonest free category lends the colour, its cheapest tier the price. */
export function summariseSections(scene: MapScene): SectionSummary[] {
  const { geometry, colors, offers } = scene
  const width = colors.length
  const free = new Uint32Array(geometry.sections.length * width)
  for (let seat = 0; seat < geometry.count; seat += 1) {
    if (seatLook(scene, seat) !== 'free') continue
    const at = (geometry.section[seat] ?? 0) * width + (geometry.category[seat] ?? 0)
    free[at] = (free[at] ?? 0) + 1
  }
  return geometry.sections.map((_, section) => {
    const counts = Array.from(free.subarray(section * width, (section + 1) * width))
    const most = counts.indexOf(Math.max(...counts))
    const cheapest = counts
      .flatMap((count, category) => (count > 0 ? (offers[category]?.tiers.slice(0, 1) ?? []) : []))
      .toSorted((a, b) => a.price.amount - b.price.amount)[0]
    return {
      free: counts.reduce((sum, count) => sum + count, 0),
      color: (counts[most] ?? 0) > 0 ? (colors[most] ?? null) : null,
      from: cheapest === undefined ? null : priceText(cheapest.price),
    }
  })
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
    context.fillStyle = color === null ? theme.line_2 : cssOf(mix(color, theme.paper, 0.72 - 0.5 * Math.sqrt(share)))
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
    const second = summary.free === 0 ? 'Sold out' : summary.from === null ? '' : `from ${summary.from}`
    const showsSecond = room > 84 * dpr && second !== ''
    context.font = `600 ${size.toFixed(1)}px ${theme.font}`
    const half = context.measureText(name).width / 2 + 3 * dpr
    const [x, y] = [section.center[0] * scale + dx, section.center[1] * scale + dy]
    const label = { left: x - half, right: x + half, top: y - size, bottom: y + size * (showsSecond ? 1.9 : 1) }
    const touches = (other: Label) =>
      label.left < other.right && label.right > other.left && label.top < other.bottom && label.bottom > other.top
    if (room < 22 * dpr || drawn.some(touches)) continue
    drawn.push(label)
    context.fillStyle = summary.free === 0 ? theme.ink_3 : theme.ink
    context.fillText(name, x, showsSecond ? y - size * 0.5 : y)
    if (!showsSecond) continue
    context.font = `500 ${(size * 0.84).toFixed(1)}px ${theme.font}`
    context.fillStyle = summary.free === 0 ? theme.ink_3 : theme.ink_2
    context.fillText(second, x, y + size * 0.72)
  }
  context.restore()
}

/** "Block 112" → "112" where only that fits. */
function shortName(name: string): string {
  return /\S+$/.exec(name)?.[0] ?? name
}
