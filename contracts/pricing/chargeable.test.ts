import { expect, test } from 'vitest'
import { type ChargeLimits, chargeRefusal } from './chargeable.ts'

const LIMITS: ChargeLimits = {
  by_currency: {
    EUR: { least: 50, most: 99_999_999, zero_digits: 0 },
    KWD: { least: 1, most: 99_999_999, zero_digits: 1 },
    MGA: { least: 1, most: 99_999_999, zero_digits: 2 },
  },
  otherwise: { least: 1, most: 999, zero_digits: 0 },
}

test.each([
  [0, 'EUR'],
  [50, 'EUR'],
  [99_999_999, 'EUR'],
  [1_230, 'KWD'],
  [1_200, 'MGA'],
  [1, 'XYZ'],
])('%i %s can be charged', (amount, currency) => {
  expect(chargeRefusal({ amount, currency }, LIMITS)).toBeNull()
})

test.each([
  [49, 'EUR', 'at least €0.50'],
  [100_000_000, 'EUR', 'at most €999,999.99'],
  [1_234, 'KWD', 'the last digit must be 0'],
  [1_230, 'MGA', 'the last 2 digits must be 0'],
  [1_000, 'XYZ', 'at most XYZ 9.99'],
])('%i %s cannot, and the reason says what can', (amount, currency, reason) => {
  expect(chargeRefusal({ amount, currency }, LIMITS)?.replaceAll('\u00a0', ' ')).toContain(reason)
})
