import { describe, expect, test } from 'vitest'
import {
  type Gesture,
  type GestureAct,
  glide,
  idleGesture,
  type PointerInput,
  stepGesture,
  wheelFactor,
} from './gesture.ts'

type Step = [PointerInput['kind'], number, number, number, number]

/** kind, pointer, x, y, ms. */
function play(steps: Step[], from: Gesture = idleGesture): { acts: GestureAct[]; gesture: Gesture } {
  let gesture = from
  const acts: GestureAct[] = []
  for (const [kind, id, x, y, at] of steps) {
    const step = stepGesture(gesture, { kind, id, x, y, at, is_touch: true })
    gesture = step.gesture
    acts.push(...step.acts)
  }
  return { acts, gesture }
}

const kinds = (acts: GestureAct[]) => acts.map((act) => act.kind)

describe('one finger', () => {
  test('down and up is a tap, even with a slip', () => {
    const { acts } = play([
      ['down', 1, 10, 10, 0],
      ['move', 1, 13, 12, 20],
      ['up', 1, 13, 12, 60],
    ])
    expect(acts).toEqual([{ kind: 'grab' }, { kind: 'tap', at: { x: 10, y: 10 }, again: false, is_touch: true }])
  })

  test('two taps at one place in time are told apart from two taps', () => {
    const tap = (at: number, x: number): Step[] => [
      ['down', 1, x, 10, at],
      ['up', 1, x, 10, at + 40],
    ]
    const again = (steps: Step[]) =>
      play(steps)
        .acts.map((act) => act.kind === 'tap' && act.again)
        .at(-1)
    expect(again([...tap(0, 10), ...tap(200, 14)])).toBe(true)
    expect(again([...tap(0, 10), ...tap(600, 10)])).toBe(false)
    expect(again([...tap(0, 10), ...tap(200, 90)])).toBe(false)
    expect(again([...tap(0, 10), ...tap(100, 10), ...tap(200, 10)])).toBe(false)
  })

  test('a drag moves the picture exactly as far as the finger went, and lets go with its speed', () => {
    const { acts, gesture } = play([
      ['down', 1, 0, 0, 0],
      ['move', 1, 20, 0, 20],
      ['move', 1, 50, 0, 40],
      ['up', 1, 60, 0, 50],
    ])
    const panned = acts.flatMap((act) => (act.kind === 'pan' ? [act.dx] : []))
    expect(panned.reduce((sum, dx) => sum + dx)).toBe(50)
    expect(acts.at(-1)).toEqual({ kind: 'release', vx: 1.2, vy: 0 })
    expect(gesture.mode).toBe('idle')
  })

  test('a finger that rested before it lifted does not fling', () => {
    const { acts } = play([
      ['down', 1, 0, 0, 0],
      ['move', 1, 50, 0, 20],
      ['up', 1, 50, 0, 400],
    ])
    expect(acts.at(-1)).toEqual({ kind: 'release', vx: 0, vy: 0 })
  })

  test('a cancelled press is no tap', () => {
    expect(
      kinds(
        play([
          ['down', 1, 0, 0, 0],
          ['cancel', 1, 0, 0, 9],
        ]).acts,
      ),
    ).toEqual(['grab'])
  })
})

describe('two fingers', () => {
  test('zoom about their middle; the one that stays goes on panning', () => {
    const { acts, gesture } = play([
      ['down', 1, 0, 0, 0],
      ['down', 2, 100, 0, 10],
      ['move', 2, 200, 0, 20],
      ['up', 1, 0, 0, 30],
      ['move', 2, 210, 0, 40],
    ])
    expect(acts).toContainEqual({ kind: 'zoom', at: { x: 100, y: 0 }, factor: 2 })
    expect(acts.at(-1)).toEqual({ kind: 'pan', dx: 10, dy: 0 })
    expect(gesture.mode).toBe('pan')
  })

  test('a third one means nothing', () => {
    const steps: Step[] = [
      ['down', 1, 0, 0, 0],
      ['down', 2, 9, 0, 1],
      ['down', 3, 5, 5, 2],
      ['move', 3, 50, 50, 3],
    ]
    expect(kinds(play(steps).acts)).toEqual(['grab', 'grab'])
  })
})

test('a glide slows down and covers the same way in one step as in two', () => {
  const whole = glide(1, 0, 32)
  const first = glide(1, 0, 16)
  const second = glide(first.vx, first.vy, 16)
  expect(first.dx + second.dx).toBeCloseTo(whole.dx)
  expect(second.vx).toBeLessThan(first.vx)
})

test('the wheel zooms in when turned away, and no notch leaps', () => {
  expect(wheelFactor({ delta: -100, delta_mode: 0, is_pinch: false })).toBeGreaterThan(1)
  expect(wheelFactor({ delta: 1_000_000, delta_mode: 2, is_pinch: true })).toBeGreaterThan(0.2)
})
