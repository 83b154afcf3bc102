import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seatAt, seatIndex } from './seat-index.ts'

/** Three rows of five, 20 apart, the middle row shifted by half a seat: seat = row * 5 + column. */
const hall = {
  count: 15,
  pitch: 20,
  x: Float32Array.from({ length: 15 }, (_, n) => (n % 5) * 20 + (n >= 5 && n < 10 ? 10 : 0)),
  y: Float32Array.from({ length: 15 }, (_, n) => Math.floor(n / 5) * 20),
}
const index = seatIndex(hall)

test('a pointer finds the nearest seat within reach', () => {
  expect(seatAt(index, { x: 43, y: 2 }, 8)).toBe(2)
  expect(seatAt(index, { x: 50, y: 0 }, 8)).toBeNull()
})

test('a room without seats has none to find', () => {
  const none = seatIndex({ count: 0, x: new Float32Array(), y: new Float32Array(), pitch: 20 })
  expect(seatAt(none, { x: 0, y: 0 }, 9)).toBeNull()
})

test('it finds what a search of all seats finds, on both sides of zero', () => {
  const coordinate = fc.integer({ min: -300, max: 300 })
  const spot = fc.tuple(coordinate, coordinate)
  fc.assert(
    fc.property(fc.array(spot, { maxLength: 60 }), spot, fc.integer({ min: 1, max: 80 }), (spots, [x, y], reach) => {
      const room = {
        count: spots.length,
        x: Float32Array.from(spots, ([own]) => own),
        y: Float32Array.from(spots, ([, own]) => own),
        pitch: 12,
      }
      const distances = spots.map((own) => Math.hypot(own[0] - x, own[1] - y))
      const found = seatAt(seatIndex(room), { x, y }, reach)
      const nearest = Math.min(...distances)
      expect(found === null ? null : distances[found]).toBe(nearest <= reach ? nearest : null)
    }),
  )
})
