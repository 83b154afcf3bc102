import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planRefunds, type Refundable } from './plan.ts'

const payment = (left_over: number, payment_id = 'pay_1'): Refundable => ({
  payment_id,
  currency: 'EUR',
  left_over,
  in_dispute: false,
})

test.each([
  [4_800, 100, 4_800],
  [4_800, 50, 2_400],
  [4_800, 0, 0],
  [1, 50, 1],
  [3, 50, 2],
  [101, 33, 33],
  [0, 100, 0],
  // A lost dispute after a refund can take more than there was left.
  [-700, 100, 0],
  [2 ** 52, 100, 2 ** 52],
])('of %i that are left, %i %% are %i', (left_over, percent, amount) => {
  expect(planRefunds([payment(left_over)], percent).reduce((sum, one) => sum + one.amount, 0)).toBe(amount)
})

const payments = fc.array(fc.integer({ min: -1_000, max: 2 ** 40 }), { maxLength: 5 })

test('a plan never takes more of a payment than is left, is off by less than a unit each, and plans no zero', () => {
  fc.assert(
    fc.property(payments, fc.integer({ min: 0, max: 100 }), (lefts, percent) => {
      const plan = planRefunds(
        lefts.map((left_over, i) => payment(left_over, `pay_${i}`)),
        percent,
      )
      const amounts = new Map(plan.map((one) => [one.payment_id, one.amount]))
      lefts.forEach((left_over, i) => {
        const amount = amounts.get(`pay_${i}`) ?? 0
        const exact = (Math.max(0, left_over) * percent) / 100
        expect(amount).toBeLessThanOrEqual(Math.max(0, left_over))
        expect(Math.abs(amount - exact)).toBeLessThanOrEqual(0.5)
      })
      expect(plan.every((one) => one.amount > 0)).toBe(true)
    }),
  )
})

test('everything goes back in the end: cancelling at 100 % after any refunds leaves nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(fc.integer({ min: 0, max: 100 })),
      (paid, percents) => {
        let left_over = paid
        for (const percent of [...percents, 100])
          left_over -= planRefunds([payment(left_over)], percent)[0]?.amount ?? 0
        expect(left_over).toBe(0)
      },
    ),
  )
})
