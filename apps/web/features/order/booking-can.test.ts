import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { bookingCan } from './booking-can.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const TOMORROW = '2026-11-21T12:00:00.000Z'

const order = (ticket_statuses: Booking['tickets'][number]['status'][], end_time = TOMORROW) => ({
  status: 'confirmed' as Booking['status'],
  end_time,
  tickets: ticket_statuses.map((status, index) => ({ id: `tkt_${index}`, seat_id: null, tier_id: 'tier_a', status })),
})

test('an order is cancelled until it is over, by whoever has a session', () => {
  expect(bookingCan.cancel(order(['active', 'active']), true, NOW)).toEqual({ may: true })
})

test('each reason against it is told, and no two in the same words', () => {
  const refusals = [
    bookingCan.cancel({ ...order([]), status: 'cancelled' }, true, NOW),
    bookingCan.cancel(order(['active', 'used']), true, NOW),
    bookingCan.cancel(order(['used']), true, NOW),
    bookingCan.cancel(order(['active'], '2026-11-20T12:00:00.000Z'), true, NOW),
    bookingCan.cancel(order(['active']), false, NOW),
  ]
  const reasons = refusals.map((one) => (one.may ? null : one.because))
  expect(reasons).not.toContain(null)
  expect(new Set(reasons).size).toBe(refusals.length)
  expect(reasons[1]).toMatch(/^One of its tickets was used/)
})
