import { expect, test } from 'vitest'
import { quoteOf } from './lines.ts'

const LINES = { line_seats: [4, -1], line_tiers: [1, 2], line_quantities: [1, 3], line_prices: [2_500, 1_000] }

test('the quote is the sum of the lines', () => {
  expect(quoteOf(LINES, 'EUR').total.amount).toBe(5_500)
})

test.each([
  ['a price', { line_prices: [2_500] }],
  ['a quantity', { line_quantities: [1] }],
  ['a tier', { line_tiers: [1] }],
  ['a seat', { line_seats: [4] }],
])('lines that lack %s throw instead of costing nothing', (_what, missing) => {
  expect(() => quoteOf({ ...LINES, ...missing }, 'EUR')).toThrow('Lines of different lengths')
})
