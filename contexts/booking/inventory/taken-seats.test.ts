import { expect, test } from 'vitest'
import { type SeatsOf, signalParts } from './taken-seats.ts'

const named = (taken: readonly SeatsOf[]): string[] =>
  taken.flatMap(({ performance_no, seats }) => seats.map((seat) => `${performance_no} ${seat}`)).toSorted()

test('the seats of a batch are one signal, by performance', () => {
  const batch = Array.from({ length: 256 }, (_, n) => ({ performance_no: 1 + (n % 2), seats: [2 * n, 2 * n + 1] }))
  const parts = signalParts(batch)
  expect(parts).toHaveLength(1)
  expect(parts[0]?.map((one) => [one.performance_no, one.seats.length])).toEqual([
    [1, 256],
    [2, 256],
  ])
})

test("seats that exceed a signal's size are split over several, and nothing is lost", () => {
  const batch = Array.from({ length: 400 }, (_, n) => ({
    performance_no: n,
    seats: Array.from({ length: 10 }, (_s, i) => 79_990 + i),
  }))
  const parts = signalParts(batch)
  for (const part of parts)
    expect(JSON.stringify(['booking.seats', { taken: part, until_ms: Date.now() }]).length).toBeLessThan(7_800)
  expect(named(parts.flat())).toEqual(named(batch))
  const large = [{ performance_no: 7, seats: Array.from({ length: 2_000 }, (_, i) => 70_000 + i) }]
  expect(signalParts(large).length).toBeLessThan(4)
  expect(
    signalParts(large)
      .flat()
      .flatMap((one) => one.seats),
  ).toEqual(large[0]?.seats)
})
