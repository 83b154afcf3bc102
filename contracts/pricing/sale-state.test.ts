import { expect, test } from 'vitest'
import { fromPrice, saleState, type TierOffer, tierSale } from './sale-state.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const tier = (amount: number, left: Partial<TierOffer> = {}): TierOffer => ({
  price: { amount, currency: 'EUR' },
  sale_start: '2026-11-01T00:00:00.000Z',
  sale_end: '2026-12-01T00:00:00.000Z',
  min_per_order: 1,
  total: 100,
  held: 0,
  available: 100,
  ...left,
})
const later = { sale_start: '2026-11-25T00:00:00.000Z' }
const closed = { sale_end: '2026-11-10T00:00:00.000Z' }
const pairs = (available: number, held = 0) => tier(400, { min_per_order: 2, available, held })

test('"from" is a price that can be paid now: not sold out, on hold, closed, yet to open or below its minimum', () => {
  const cheap = [
    tier(500, { available: 0 }),
    tier(600, { available: 0, held: 3 }),
    tier(700, closed),
    tier(800, later),
    pairs(1),
  ]
  expect(fromPrice([...cheap, tier(2_000), tier(3_000)], NOW)).toEqual({ amount: 2_000, currency: 'EUR' })
  for (const one of cheap) expect(fromPrice([one], NOW)).toBeNull()
  expect(fromPrice([pairs(2)], NOW)?.amount).toBe(400)
})

test('a sale stands as what can be bought of it', () => {
  expect(saleState([tier(1)], NOW)).toBe('available')
  expect(saleState([tier(1, { total: 1_000, available: 40 })], NOW)).toBe('few')
  expect(saleState([tier(1, { total: 30, available: 20 })], NOW)).toBe('available')
  expect(saleState([tier(1, { available: 0, held: 1 }), tier(2, { available: 0 })], NOW)).toBe('all_held')
  expect(saleState([tier(1, { available: 0 }), tier(2, later)], NOW)).toBe('sold_out')
  expect(saleState([tier(1, later)], NOW)).toBe('not_yet')
  expect(saleState([tier(1, closed)], NOW)).toBe('ended')
  expect(saleState([], NOW)).toBe('ended')
})

test('fewer left than the smallest order are sold out, unless holds may bring back enough', () => {
  expect(saleState([pairs(1)], NOW)).toBe('sold_out')
  expect(saleState([pairs(1, 1)], NOW)).toBe('all_held')
  expect(saleState([pairs(0, 1)], NOW)).toBe('sold_out')
  expect(saleState([pairs(2)], NOW)).toBe('few')
})

test('a sale window opens at its start and is closed at its end, whatever is left', () => {
  const terms = tier(1)
  expect(tierSale(terms, terms, Date.parse(terms.sale_start) - 1)).toBe('not_yet')
  expect(tierSale(terms, terms, Date.parse(terms.sale_start))).toBe('open')
  expect(tierSale(terms, undefined, NOW)).toBe('open')
  expect(tierSale(terms, terms, Date.parse(terms.sale_end))).toBe('ended')
})
