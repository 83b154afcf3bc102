import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { waitingFor } from './waiting.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const nothing = { amount: 0, currency: 'EUR' }

function booking(status: Booking['status'], payments: Booking['payments'][number]['status'][], left_s = 60): Booking {
  return {
    id: 'bk_a',
    booking_id: 'bk_a',
    performance_id: 'perf_a',
    event_id: 'evt_a',
    title: 'Monsoon Ragas',
    start_time: '2026-11-28T12:30:00.000Z',
    server_time: '2026-11-20T10:00:00.000Z',
    status,
    hold_expires_at: new Date(NOW + left_s * 1_000).toISOString(),
    line_items: [],
    subtotal: nothing,
    discount: nothing,
    fees: nothing,
    tax: nothing,
    total: nothing,
    currency: 'EUR',
    tickets: [],
    payments: payments.map((payment, index) => ({
      id: `pay_${index}`,
      provider: 'stripe',
      status: payment,
      amount: nothing,
      captured: nothing,
      refunded: nothing,
      outcome: 'open',
      settlement: null,
      failure_code: null,
      refunds: [],
    })),
    performance_status: 'on_sale',
  }
}

test('a confirmed booking is the end, whatever its payments say', () => {
  expect(waitingFor(booking('confirmed', ['failed', 'succeeded']), NOW).kind).toBe('confirmed')
})

test('a decline lets the buyer try again while the hold lives, and not after', () => {
  expect(waitingFor(booking('held', ['failed']), NOW).kind).toBe('declined')
  expect(waitingFor(booking('held', ['failed'], -1), NOW).kind).toBe('expired')
})

test('a second attempt is waited for, though the first was declined', () => {
  expect(waitingFor(booking('held', ['failed', 'processing']), NOW).kind).toBe('working')
})

test('a payment that landed late is waited for, then its refund is told', () => {
  expect(waitingFor(booking('expired', ['succeeded']), NOW).kind).toBe('working')
  expect(waitingFor(booking('expired', ['refunded']), NOW).kind).toBe('refunded')
})

test('who left the card page without paying is not kept waiting', () => {
  expect(waitingFor(booking('held', ['created']), NOW, true).kind).toBe('unpaid')
  expect(waitingFor(booking('held', ['processing']), NOW, true).kind).toBe('working')
})

test('a charged card whose news has not come yet is waited for, whatever the try before it shows', () => {
  expect(waitingFor(booking('held', ['failed']), NOW, false, true).kind).toBe('working')
  expect(waitingFor(booking('held', ['failed'], -1), NOW, false, true).kind).toBe('expired')
})
