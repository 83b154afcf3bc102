import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Direction, neighbourOf } from './seat-steps.ts'

/** Three rows of five, 20 apart, the middle row shifted by half a seat: seat = row * 5 + column. */
const hall = {
  count: 15,
  x: Float32Array.from({ length: 15 }, (_, n) => (n % 5) * 20 + (n >= 5 && n < 10 ? 10 : 0)),
  y: Float32Array.from({ length: 15 }, (_, n) => Math.floor(n / 5) * 20),
}

describe('arrow keys', () => {
  const go = (from: number, direction: Direction, isWanted = (_: number) => true) =>
    neighbourOf(hall, from, direction, isWanted)

  test.each<[Direction, number, number | null]>([
    ['right', 0, 1],
    ['left', 1, 0],
    ['left', 0, null],
    ['up', 2, null],
    ['down', 4, 8],
  ])('%s of %d is %s', (direction, from, to) => expect(go(from, direction)).toBe(to))

  test('pass over what cannot be had', () => {
    expect(go(0, 'right', (seat) => seat !== 1)).toBe(2)
    expect(go(0, 'right', () => false)).toBeNull()
  })

  test('lead to every seat of a hall', () => {
    const seen = new Set([0])
    for (const seat of seen) {
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const next = go(seat, direction)
        if (next !== null) seen.add(next)
      }
    }
    expect(seen.size).toBe(hall.count)
  })

  test('never lead back, however seats are strewn', () => {
    const spot = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
    fc.assert(
      fc.property(fc.uniqueArray(spot, { minLength: 2, maxLength: 40, selector: String }), (spots) => {
        const room = {
          count: spots.length,
          x: Float32Array.from(spots, ([x]) => x),
          y: Float32Array.from(spots, ([, y]) => y),
        }
        const next = neighbourOf(room, 0, 'right', () => true)
        if (next !== null) expect(room.x[next]).toBeGreaterThan(room.x[0] ?? 0)
      }),
    )
  })
})
