import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { settlementOf } from './settlement.ts'

type Cancellation = NonNullable<Booking['cancellation']>
type Refund = Booking['payments'][number]['refunds'][number]

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const cancelled = (refund: number, refund_state: Cancellation['refund_state'] = 'pending'): Cancellation => ({
  reason: 'buyer',
  cancelled_at: '2026-11-30T12:00:00Z',
  refund_percent: 50,
  refund: eur(refund),
  refund_state,
})
const refund = (amount: number, reason: Refund['reason'], state: Refund['state'] = 'succeeded'): Refund => ({
  id: 'ref_a',
  amount: eur(amount),
  reason,
  state,
  created_at: '2026-11-30T12:00:00Z',
  settled_at: null,
})
const paid = (...refunds: Refund[]): Booking['payments'] => [
  {
    id: 'pay_a',
    provider: 'stripe',
    status: 'succeeded',
    amount: eur(4_801),
    captured: eur(4_801),
    refunded: eur(0),
    outcome: 'confirmed',
    settlement: 'confirmed',
    settlement_reason: null,
    failure_code: null,
    refunds,
  },
]

test('what went back and what was kept are together what was paid', () => {
  for (const amount of [0, 1_234, 4_801])
    expect(
      settlementOf({
        total: eur(4_801),
        cancellation: cancelled(amount),
        payments: paid(refund(amount, 'cancellation')),
      }),
    ).toEqual({ back: eur(amount), kept: eur(4_801 - amount) })
})

test('what the organizer paid back counts, with a cancellation and without one', () => {
  const payments = paid(refund(801, 'requested'), refund(500, 'requested', 'failed'))
  expect(settlementOf({ total: eur(4_801), payments })).toEqual({ back: eur(801), kept: eur(4_000) })
  expect(settlementOf({ total: eur(4_801), cancellation: cancelled(4_000), payments })).toEqual({
    back: eur(4_801),
    kept: eur(0),
  })
})

test('an order that stands or cost nothing has nothing to divide, and a lost dispute is no sum known here', () => {
  expect(settlementOf({ total: eur(4_801), payments: paid() })).toBeNull()
  expect(settlementOf({ total: eur(0), cancellation: cancelled(0), payments: [] })).toBeNull()
  const lost = { total: eur(4_801), cancellation: cancelled(2_400, 'superseded'), payments: paid() }
  expect(settlementOf(lost)).toBeNull()
})
