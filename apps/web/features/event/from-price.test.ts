import { expect, test } from 'vitest'
import type { Performance } from '../../api/bodies.ts'
import { performance as onsale } from './event.fixture.ts'
import { lowestPrice } from './from-price.ts'
import { tier } from './tier.fixture.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const performance: Performance = {
  ...onsale,
  tiers: [tier('child', 500, ['Stalls']), tier('adult', 2_000, ['Stalls'])],
}
const left = (child: number, adult: number) =>
  new Map([
    [
      'perf_a',
      [
        {
          tier_id: 'child',
          name: 'child',
          total: 10,
          sold: 0,
          held: 0,
          available: child,
          price: { amount: 500, currency: 'EUR' },
        },
        {
          tier_id: 'adult',
          name: 'adult',
          total: 10,
          sold: 0,
          held: 0,
          available: adult,
          price: { amount: 2_000, currency: 'EUR' },
        },
      ],
    ],
  ])

test('the price a button promises is one that it can sell', () => {
  expect(lowestPrice([performance], left(3, 3), NOW)?.amount).toBe(500)
  expect(lowestPrice([performance], left(0, 3), NOW)?.amount).toBe(2_000)
  expect(lowestPrice([performance], left(0, 0), NOW)).toBeNull()
})

test('a tier whose sale ended, has not begun or has fewer left than its smallest order sets no price', () => {
  const [child, adult] = [tier('child', 500, ['Stalls']), tier('adult', 2_000, ['Stalls'])]
  const priceWith = (change: object, left_of_it = 1) =>
    lowestPrice([{ ...performance, tiers: [{ ...child, ...change }, adult] }], left(left_of_it, 3), NOW)?.amount
  expect(priceWith({ sale_end: '2026-11-19T00:00:00.000Z' })).toBe(2_000)
  expect(priceWith({ sale_start: '2026-11-21T00:00:00.000Z' })).toBe(2_000)
  expect(priceWith({ min_per_order: 2 })).toBe(2_000)
  expect(priceWith({ min_per_order: 2 }, 2)).toBe(500)
})

test('without counts the sale windows alone decide; what is over or cancelled has no price', () => {
  expect(lowestPrice([performance], new Map(), NOW)?.amount).toBe(500)
  expect(lowestPrice([{ ...performance, status: 'cancelled' }], new Map(), NOW)).toBeNull()
  expect(lowestPrice([performance], new Map(), Date.parse('2026-11-29T00:00:00.000Z'))).toBeNull()
})
