import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from './quote.ts'

test('lines are quantity times unit price, and the total is their sum', () => {
  const asked = [
    { tier_id: 'stalls', quantity: 2, unit_price: 2_400 },
    { tier_id: 'standing', quantity: 3, unit_price: 1_550 },
  ]
  const { lines, subtotal, total, discount, fees, tax } = quote('EUR', asked)
  expect(lines).toEqual([
    { tier_id: 'stalls', quantity: 2, unit_price: 2_400, amount: 4_800 },
    { tier_id: 'standing', quantity: 3, unit_price: 1_550, amount: 4_650 },
  ])
  expect([subtotal, total]).toEqual([
    { amount: 9_450, currency: 'EUR' },
    { amount: 9_450, currency: 'EUR' },
  ])
  expect([discount.amount, fees.amount, tax.amount]).toEqual([0, 0, 0])
})

test('an order without lines costs nothing', () => {
  expect(quote('JPY', []).total).toEqual({ amount: 0, currency: 'JPY' })
})

test('neither the order of the lines nor splitting one of them changes the total', () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 1_000 }),
    unit_price: fc.integer({ min: 0, max: 2 ** 40 }),
  })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const { total } = quote('EUR', lines)
      const exact = lines.reduce((sum, one) => sum + BigInt(one.quantity) * BigInt(one.unit_price), 0n)
      expect(BigInt(total.amount)).toBe(exact)
      expect(quote('EUR', lines.toReversed()).total).toEqual(total)
      const split = lines.flatMap((one) => Array.from({ length: one.quantity % 7 }, () => ({ ...one, quantity: 1 })))
      const rest = lines.map((one) => ({ ...one, quantity: one.quantity - (one.quantity % 7) }))
      expect(quote('EUR', [...split, ...rest]).total).toEqual(total)
    }),
  )
})

test('an amount that is not a whole number of minor units, or too large to be exact, is a fault', () => {
  expect(() => quote('EUR', [{ quantity: 3, unit_price: 0.5 }])).toThrow('whole number of minor units')
  expect(() => quote('EUR', [{ quantity: 2, unit_price: Number.MAX_SAFE_INTEGER }])).toThrow(
    'whole number of minor units',
  )
})
