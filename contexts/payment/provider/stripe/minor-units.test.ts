import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feeFromStripe, fromStripe, toStripe } from './minor-units.ts'

test.each([
  ['USD', 4_800, 4_800],
  ['JPY', 5_000, 5_000],
  ['KWD', 12_500, 12_500],
  ['ISK', 5_000, 500_000],
  ['UGX', 5_000, 500_000],
  ['MGA', 500_000, 5_000],
])('%s: %i of ours are %i of theirs', (currency, ours, theirs) => {
  expect(toStripe({ amount: ours, currency })).toEqual({ amount: theirs, currency: currency.toLowerCase() })
  expect(fromStripe(theirs, currency.toLowerCase())).toEqual({ amount: ours, currency })
})

test('what their units cannot express is refused, not rounded', () => {
  expect(toStripe({ amount: 150, currency: 'MGA' })).toBeNull()
  expect(() => fromStripe(150, 'isk')).toThrow('whole number')
})

test('there and back is the same money', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999_999 }),
      fc.constantFrom('USD', 'JPY', 'KWD', 'ISK', 'EUR'),
      (amount, currency) => {
        const theirs = toStripe({ amount, currency })
        expect(theirs === null ? null : fromStripe(theirs.amount, theirs.currency)).toEqual({ amount, currency })
      },
    ),
  )
})

test('a fee finer than our unit is rounded', () => {
  expect([feeFromStripe(17_350, 'isk'), feeFromStripe(17_349, 'isk'), feeFromStripe(97, 'usd')]).toEqual([174, 173, 97])
})
