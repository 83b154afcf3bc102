import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { refundWords } from './refund-words.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const refund = (amount: number, state: 'succeeded' | 'failed' = 'succeeded') => ({
  id: 'ref_a',
  amount: eur(amount),
  reason: 'requested' as const,
  state,
  created_at: '2026-11-30T12:00:00Z',
  settled_at: null,
})
const order = (refunds: Booking['payments'][number]['refunds'] = [], total = 4_800) => ({
  total: eur(total),
  payments: [
    {
      id: 'pay_a',
      provider: 'stripe',
      status: 'succeeded' as const,
      amount: eur(total),
      captured: eur(total),
      refunded: eur(0),
      outcome: 'confirmed' as const,
      settlement: 'confirmed' as const,
      settlement_reason: null,
      failure_code: null,
      refunds,
    },
  ],
})

test('what comes back is said against what was paid', () => {
  expect(refundWords({ refund: eur(4_800) }, order())).toBe('You get everything back: €48.')
  expect(refundWords({ refund: eur(2_400) }, order())).toBe('You get €24 of €48 back.')
  expect(refundWords({ refund: eur(0) }, order())).toMatch(/refund policy .* nothing comes back/)
  expect(refundWords({ refund: eur(0) }, order([], 0))).toBe('It cost nothing, so nothing comes back.')
})

test('what was paid back before is no refusal, and not promised again', () => {
  expect(refundWords({ refund: eur(0) }, order([refund(4_800)]))).toBe(
    '€48 was paid back to you before; nothing more comes back.',
  )
  expect(refundWords({ refund: eur(3_800) }, order([refund(1_000)]))).toBe(
    'You get €38 of €48 back, besides the €10 that was paid back before.',
  )
  expect(refundWords({ refund: eur(4_800) }, order([refund(1_000, 'failed')]))).toMatch(/everything back/)
})

test('a refund that waits for a dispute says so', () => {
  expect(refundWords({ refund: eur(2_400), refund_waits_for: 'dispute' }, order())).toMatch(
    /€24 of €48 back\. It comes once the dispute/,
  )
})
