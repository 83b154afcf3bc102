import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOf } from './share.ts'

test.each([
  [4_800, 100, 4_800],
  [4_800, 50, 2_400],
  [4_800, 0, 0],
  [1, 50, 1],
  [3, 50, 2],
  [100, 33.333, 33],
  [1_000, 33.35, 334],
  [Number.MAX_SAFE_INTEGER, 100, Number.MAX_SAFE_INTEGER],
])('of %i, %d %% are %i', (amount, percent, share) => {
  expect(shareOf(amount, percent)).toBe(share)
})

test('a share is never more than the whole and never off by more than half a unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 100 }), (amount, percent) => {
      const share = shareOf(amount, percent)
      expect(share).toBeLessThanOrEqual(amount)
      expect(Math.abs(share - (amount * percent) / 100)).toBeLessThanOrEqual(0.5)
    }),
  )
})

test('a share of less than nothing or more than all is a bug', () => {
  expect(() => shareOf(100, -1)).toThrow('between')
  expect(() => shareOf(100, 101)).toThrow('between')
})
