import { expect, test } from 'vitest'
import type { EventSales } from '../../api/bodies.ts'
import { figuresOf } from './figures.ts'

const performance = (sold: number, held: number): EventSales['performances'][number] => ({
  performance_id: 'perf_a',
  start_time: '2026-11-28T12:30:00.000Z',
  status: 'published',
  total: 100,
  sold,
  held,
  blocked: 2,
  revenue: { amount: sold * 1_000, currency: 'EUR' },
  tiers: [],
})

test('figures add up over the performances', () => {
  const sales = { event_id: 'evt_a', performances: [performance(40, 3), performance(10, 1)], recent_bookings: [] }
  expect(figuresOf(sales, 'EUR')).toEqual({
    revenue: { amount: 50_000, currency: 'EUR' },
    sold: 50,
    total: 200,
    held: 4,
    blocked: 4,
    share: 0.25,
  })
})

test('an event with nothing to sell has no share', () => {
  expect(figuresOf({ event_id: 'evt_a', performances: [], recent_bookings: [] }, 'EUR').share).toBe(0)
})
