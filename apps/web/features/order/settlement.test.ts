import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { settlementOf } from './settlement.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const cancelled = (refund: number): NonNullable<Booking['cancellation']> => ({
  reason: 'buyer',
  cancelled_at: '2026-11-30T12:00:00Z',
  refund_percent: 50,
  refund: eur(refund),
  refund_state: 'pending',
})

test('what went back and what was kept are together what was paid', () => {
  for (const refund of [0, 1_234, 4_801])
    expect(settlementOf({ total: eur(4_801), cancellation: cancelled(refund) })).toEqual({
      back: eur(refund),
      kept: eur(4_801 - refund),
    })
})

test('an order that stands or cost nothing has nothing to divide', () => {
  expect(settlementOf({ total: eur(4_801) })).toBeNull()
  expect(settlementOf({ total: eur(0), cancellation: cancelled(0) })).toBeNull()
})
