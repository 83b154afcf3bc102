import { expect, test } from 'vitest'
import { chargeRefusal } from './chargeable.ts'

test.each([
  [0, 'EUR'],
  [50, 'EUR'],
  [99_999_999, 'EUR'],
  [30, 'GBP'],
  [50, 'JPY'],
  [99_999_999, 'JPY'],
  [999_999_999_999, 'IDR'],
  [1_230, 'KWD'],
  [1, 'XYZ'],
])('%i %s can be charged', (amount, currency) => {
  expect(chargeRefusal(amount, currency)).toBeNull()
})

test.each([
  [49, 'EUR', 'at least €0.50'],
  [29, 'GBP', 'at least £0.30'],
  [49, 'JPY', 'at least ¥50'],
  [100_000_000, 'EUR', 'at most €999,999.99'],
  [100_000_000, 'JPY', 'at most ¥99,999,999'],
  [1_000_000_000, 'INR', 'at most ₹9,999,999.99'],
  [1_234, 'KWD', 'the last digit must be 0'],
])('%i %s cannot, and the reason says what can', (amount, currency, reason) => {
  expect(chargeRefusal(amount, currency)).toContain(reason)
})
