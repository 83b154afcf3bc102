import type { Booking } from '../../api/bodies.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** A confirmed order of one seat with a restricted view, for the performance of `event.fixture.ts`. */
export function bookingAt(price: number, change: Partial<Booking> = {}): Booking {
  const none = eur(0)
  return {
    booking_id: 'bk_a',
    id: 'bk_a',
    number: 'K7M4-9TX3',
    status: 'confirmed',
    hold_expires_at: '2026-11-20T10:05:00.000Z',
    line_items: [
      {
        seat_id: 'A-1',
        label: 'Stalls, row A, seat 1',
        restricted_view: true,
        tier: { id: 'tier_a', name: 'Adult' },
        quantity: 1,
        price: eur(price),
        fees: none,
        tax: none,
      },
    ],
    subtotal: eur(price),
    discount: none,
    fees: none,
    tax: none,
    total: eur(price),
    currency: 'EUR',
    performance_id: 'perf_a',
    event_id: 'evt_a',
    title: 'Monsoon Ragas',
    start_time: '2026-11-28T18:00:00.000Z',
    server_time: '2026-11-20T10:00:00.000Z',
    own: true,
    tickets: [{ id: 'tkt_a', seat_id: 'A-1', tier_id: 'tier_a', status: 'active' }],
    payments: [],
    performance_status: 'on_sale',
    ...change,
  }
}
