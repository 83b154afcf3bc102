/**
 * Fingers and mice, told as what they mean for the map. A reducer: pointer events in, acts out.
 *
 * idle → press (one pointer down) → pan (it moved more than a slip) → idle, with a release that may glide;
 * press → idle with a tap; any → pinch (two pointers) → pan when one lifts. The second tap in a row at one place says so,
 * and the map decides what it means there: on a seat it toggles again, on free ground it zooms.
 */
import type { Point } from './camera.ts'

const SLIP_PX = { mouse: 4, touch: 9 } as const
const TAP_AGAIN_MS = 320
const TAP_AGAIN_PX = 28
/** Only the last moments before letting go tell the speed. */
const SPEED_WINDOW_MS = 90

type Sample = Point & { at: number }

export type Gesture = {
  mode: 'idle' | 'press' | 'pan' | 'pinch'
  pointers: ReadonlyMap<number, Point>
  start: Point
  samples: readonly Sample[]
  last_tap: Sample | null
}

export type PointerInput = {
  kind: 'down' | 'move' | 'up' | 'cancel'
  id: number
  x: number
  y: number
  /** ms, any clock that only goes forward. */
  at: number
  is_touch: boolean
}

export type GestureAct =
  | { kind: 'grab' }
  | { kind: 'pan'; dx: number; dy: number }
  | { kind: 'zoom'; at: Point; factor: number }
  /** Pixels a millisecond. */
  | { kind: 'release'; vx: number; vy: number }
  | { kind: 'tap'; at: Point; again: boolean; is_touch: boolean }

export const idleGesture: Gesture = {
  mode: 'idle',
  pointers: new Map(),
  start: { x: 0, y: 0 },
  samples: [],
  last_tap: null,
}

export function stepGesture(gesture: Gesture, input: PointerInput): { gesture: Gesture; acts: GestureAct[] } {
  if (input.kind === 'down') return down(gesture, input)
  if (!gesture.pointers.has(input.id)) return { gesture, acts: [] }
  if (input.kind === 'move') return move(gesture, input)
  return lift(gesture, input)
}

function down(gesture: Gesture, input: PointerInput): { gesture: Gesture; acts: GestureAct[] } {
  // A third finger means nothing.
  if (gesture.pointers.size === 2) return { gesture, acts: [] }
  const pointers = new Map(gesture.pointers).set(input.id, { x: input.x, y: input.y })
  const mode = pointers.size === 2 ? 'pinch' : 'press'
  const start = { x: input.x, y: input.y }
  return {
    gesture: { ...gesture, mode, pointers, start, samples: [{ ...start, at: input.at }] },
    acts: [{ kind: 'grab' }],
  }
}

function move(gesture: Gesture, input: PointerInput): { gesture: Gesture; acts: GestureAct[] } {
  const before = gesture.pointers.get(input.id) ?? input
  const pointers = new Map(gesture.pointers).set(input.id, { x: input.x, y: input.y })
  if (gesture.mode === 'pinch') {
    const [a, b] = pinchOf(gesture.pointers)
    const [c, d] = pinchOf(pointers)
    const grown = spread(c, d) / Math.max(spread(a, b), 1)
    const [from, to] = [middle(a, b), middle(c, d)]
    return {
      gesture: { ...gesture, pointers },
      acts: [
        { kind: 'pan', dx: to.x - from.x, dy: to.y - from.y },
        { kind: 'zoom', at: to, factor: grown },
      ],
    }
  }
  const slip = input.is_touch ? SLIP_PX.touch : SLIP_PX.mouse
  const moved = Math.hypot(input.x - gesture.start.x, input.y - gesture.start.y)
  if (gesture.mode === 'press' && moved < slip) return { gesture, acts: [] }
  const samples = [...gesture.samples.filter(({ at }) => input.at - at < SPEED_WINDOW_MS), sampleOf(input)]
  // What the slip held back comes with the first step, so that the chart stays under the finger.
  const from = gesture.mode === 'press' ? gesture.start : before
  return {
    gesture: { ...gesture, mode: 'pan', pointers, samples },
    acts: [{ kind: 'pan', dx: input.x - from.x, dy: input.y - from.y }],
  }
}

function lift(gesture: Gesture, input: PointerInput): { gesture: Gesture; acts: GestureAct[] } {
  const pointers = new Map(gesture.pointers)
  pointers.delete(input.id)
  const [left] = pointers.values()
  if (left !== undefined) {
    const samples = [{ ...left, at: input.at }]
    return { gesture: { ...gesture, mode: 'pan', pointers, start: left, samples }, acts: [] }
  }
  const rest: Gesture = { ...idleGesture, last_tap: null }
  if (input.kind === 'cancel') return { gesture: rest, acts: [] }
  if (gesture.mode === 'press') {
    const tap = { x: gesture.start.x, y: gesture.start.y }
    const before = gesture.last_tap
    const again =
      before !== null &&
      input.at - before.at < TAP_AGAIN_MS &&
      Math.hypot(before.x - tap.x, before.y - tap.y) < TAP_AGAIN_PX
    return {
      gesture: { ...rest, last_tap: again ? null : { ...tap, at: input.at } },
      acts: [{ kind: 'tap', at: tap, again, is_touch: input.is_touch }],
    }
  }
  return { gesture: rest, acts: [speedOf(gesture.samples, input)] }
}

function speedOf(samples: readonly Sample[], input: PointerInput): GestureAct {
  const recent = samples.filter(({ at }) => input.at - at < SPEED_WINDOW_MS)
  const first = recent[0]
  if (first === undefined || input.at - first.at < 8) return { kind: 'release', vx: 0, vy: 0 }
  const time = input.at - first.at
  return { kind: 'release', vx: (input.x - first.x) / time, vy: (input.y - first.y) / time }
}

function sampleOf({ x, y, at }: PointerInput): Sample {
  return { x, y, at }
}

function pinchOf(pointers: ReadonlyMap<number, Point>): [Point, Point] {
  const [a, b] = pointers.values()
  return [a ?? { x: 0, y: 0 }, b ?? { x: 0, y: 0 }]
}

function spread(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/** After letting go: how far the picture still moves in the next `dt` ms, and how fast it is then. */
export function glide(vx: number, vy: number, dt: number): { dx: number; dy: number; vx: number; vy: number } {
  const kept = Math.exp(-dt / GLIDE_MS)
  const way = GLIDE_MS * (1 - kept)
  return { dx: vx * way, dy: vy * way, vx: vx * kept, vy: vy * kept }
}

const GLIDE_MS = 300
/** Pixels a millisecond; slower is standing still. */
export const GLIDE_END = 0.02

type WheelInput = { delta: number; delta_mode: number; is_pinch: boolean }

/** A wheel notch, a two-finger scroll or a trackpad pinch as a zoom factor. */
export function wheelFactor({ delta, delta_mode, is_pinch }: WheelInput): number {
  const pixels = delta * (delta_mode === 1 ? 16 : delta_mode === 2 ? 400 : 1)
  return Math.exp(-Math.min(Math.max(pixels, -120), 120) * (is_pinch ? 0.01 : 0.0022))
}
