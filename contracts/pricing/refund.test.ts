import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bookingRefundPercent, DEFAULT_REFUND_POLICY, percentOf, refundPercent } from './refund.ts'

const HOUR = 3_600_000

test.each([
  [200, 100],
  [168, 100],
  [167.99, 50],
  [24, 50],
  [23.99, 0],
  [0, 0],
  [-1, 0],
])('by default, %d hours before the start gives back %d %%', (hours, percent) => {
  expect(refundPercent(DEFAULT_REFUND_POLICY, 1_000 * HOUR, (1_000 - hours) * HOUR)).toBe(percent)
})

test('an event without steps gives nothing back', () => {
  expect(refundPercent([], 10 * HOUR, 0)).toBe(0)
})

test('a booking is refunded by the better of its terms at the hold and the present ones', () => {
  const at = (hours: number, percent: number) => ({
    start_time: new Date(hours * HOUR).toISOString(),
    refund_policy: [{ hours_before: 24, percent }],
  })
  expect(bookingRefundPercent(at(100, 100), at(100, 0), 0)).toBe(100)
  expect(bookingRefundPercent(at(100, 100), at(10, 100), 0)).toBe(100)
  expect(bookingRefundPercent(at(10, 50), at(100, 50), 0)).toBe(50)
  expect(bookingRefundPercent(at(100, 10), at(100, 60), 0)).toBe(60)
  expect(bookingRefundPercent(null, at(100, 30), 0)).toBe(30)
  // Neither counts any more: the time before each start is used up.
  expect(bookingRefundPercent(at(100, 100), at(110, 100), 90 * HOUR)).toBe(0)
})

test('a percentage is whole, half a unit up, and never more than the amount', () => {
  expect(percentOf(101, 50)).toBe(51)
  expect(percentOf(1, 49)).toBe(0)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 0, max: 100 }), (amount, percent) => {
      const part = percentOf(amount, percent)
      return Number.isSafeInteger(part) && part >= 0 && part <= amount && Math.abs(part - (amount * percent) / 100) <= 1
    }),
  )
})
