import { expect, test } from 'vitest'
import { fromPrice, saleState, type TierOffer } from './sale-state.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const tier = (amount: number, left: Partial<TierOffer> = {}): TierOffer => ({
  price: { amount, currency: 'EUR' },
  sale_start: '2026-11-01T00:00:00.000Z',
  sale_end: '2026-12-01T00:00:00.000Z',
  total: 100,
  held: 0,
  available: 100,
  ...left,
})
const later = { sale_start: '2026-11-25T00:00:00.000Z' }
const closed = { sale_end: '2026-11-10T00:00:00.000Z' }

test('"from" is a price that can be paid now: not sold out, on hold, closed or yet to open', () => {
  const cheap = [tier(500, { available: 0 }), tier(600, { available: 0, held: 3 }), tier(700, closed), tier(800, later)]
  expect(fromPrice([...cheap, tier(2_000), tier(3_000)], NOW)).toEqual({ amount: 2_000, currency: 'EUR' })
  expect(fromPrice([tier(500, { available: 0 })], NOW)).toBeNull()
  expect(fromPrice([tier(700, closed)], NOW)).toBeNull()
})

test('before any sale has opened, "from" is the lowest of those to come', () => {
  expect(fromPrice([tier(800, later), tier(900, later), tier(700, closed)], NOW)?.amount).toBe(800)
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
