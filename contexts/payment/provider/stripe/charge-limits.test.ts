import { exponentOf } from '@tessera/contracts/money'
import { chargeRefusal } from '@tessera/contracts/pricing/chargeable'
import { expect, test } from 'vitest'
import { CHARGE_LIMITS } from './charge-limits.ts'
import { toStripe } from './minor-units.ts'

const refusal = (amount: number, currency: string) => chargeRefusal({ amount, currency }, CHARGE_LIMITS)

test.each([
  [50, 'EUR'],
  [99_999_999, 'EUR'],
  [30, 'GBP'],
  [50, 'JPY'],
  [99_999_999, 'JPY'],
  [999_999_999_999, 'IDR'],
  [1_230, 'KWD'],
  [1, 'XYZ'],
])('%i %s can be charged', (amount, currency) => {
  expect(refusal(amount, currency)).toBeNull()
})

test.each([
  [49, 'EUR', 'at least €0.50'],
  [29, 'GBP', 'at least £0.30'],
  [49, 'JPY', 'at least ¥50'],
  [100_000_000, 'EUR', 'at most €999,999.99'],
  [100_000_000, 'JPY', 'at most ¥99,999,999'],
  [1_000_000_000, 'INR', 'at most ₹9,999,999.99'],
  [1_234, 'KWD', 'the last digit must be 0'],
])('%i %s cannot', (amount, currency, reason) => {
  expect(refusal(amount, currency)).toContain(reason)
})

test('whatever the limits admit, Stripe’s own units can express; a third decimal is never admitted', () => {
  for (const currency of Intl.supportedValuesOf('currency')) {
    const admitted = [100_000, 100_010, 100_100, 100_123].filter((amount) => refusal(amount, currency) === null)
    expect(admitted, currency).not.toEqual([])
    for (const amount of admitted) expect(toStripe({ amount, currency }), `${amount} ${currency}`).not.toBeNull()
    if (exponentOf(currency) === 3) expect(admitted, currency).not.toContain(100_123)
  }
})
