/** The scene that lives: what you chose, point at, stand on with the keyboard, are offered, and what just changed. */
import type { MapScene, Placement } from './map-scene.ts'
import { paintNumber } from './paint-seats.ts'

const TAU = Math.PI * 2
/** How long a seat that changed under your eyes rings, in ms. */
export const PULSE_MS = 700
/** In radii. */
const PULSE_GROWTH = 1.4

export type Marks = {
  selection: readonly number[]
  highlight: readonly number[]
  hovered: number | null
  focused: number | null
  /** Seat and the moment it changed. */
  pulses: ReadonlyMap<number, number>
}

/** How far a mark reaches from the middle of a seat of that radius, at most. CSS pixels. */
export function markReach(radius: number): number {
  return radius * (1 + PULSE_GROWTH) + 16
}

export function paintMarks(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  marks: Marks,
  place: Placement,
  now: number,
): void {
  const { theme, geometry } = scene
  const radius = scene.radius * place.scale
  const at = (seat: number): [number, number] => [
    (geometry.x[seat] ?? 0) * place.scale + place.dx,
    (geometry.y[seat] ?? 0) * place.scale + place.dy,
  ]
  const ring = (seat: number, size: number, color: string, width: number) => {
    const [x, y] = at(seat)
    context.strokeStyle = color
    context.lineWidth = width
    context.beginPath()
    context.arc(x, y, size, 0, TAU)
    context.stroke()
  }
  for (const [seat, since] of marks.pulses) {
    const age = (now - since) / PULSE_MS
    if (age >= 1) continue
    context.globalAlpha = 1 - age
    ring(seat, radius * (1 + age * PULSE_GROWTH), theme.ink_3, 1.5 * place.dpr)
    context.globalAlpha = 1
  }
  for (const seat of marks.highlight) ring(seat, radius + 3.5 * place.dpr, theme.accent, 2.5 * place.dpr)
  const own = Math.max(radius * 1.12, Math.min(radius * 1.5, 8.5 * place.dpr), 4 * place.dpr)
  for (const seat of marks.selection) paintOwn(context, scene, seat, at(seat), own, place)
  if (marks.hovered !== null) ring(marks.hovered, radius + 2.5 * place.dpr, theme.ink, 2 * place.dpr)
  if (marks.focused !== null) {
    const size = Math.max(own, radius) + 4 * place.dpr
    ring(marks.focused, size, theme.paper_css, 5 * place.dpr)
    ring(marks.focused, size, theme.ink, 2.5 * place.dpr)
  }
}

/** Yours: an ink disc with the number. */
function paintOwn(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  seat: number,
  [x, y]: [number, number],
  radius: number,
  place: Placement,
): void {
  context.fillStyle = scene.theme.ink
  context.beginPath()
  context.arc(x, y, radius, 0, TAU)
  context.fill()
  context.fillStyle = scene.theme.paper_css
  if (radius < 7 * place.dpr) {
    // Too small for a number; a light heart still tells it from every other disc.
    context.beginPath()
    context.arc(x, y, radius * 0.34, 0, TAU)
    context.fill()
    return
  }
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  paintNumber(context, scene, scene.geometry.numbers[seat] ?? '', x, y, radius * 0.92)
}
