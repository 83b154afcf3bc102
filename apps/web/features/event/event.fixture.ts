import type { Event, Performance } from '../../api/bodies.ts'

/** A performance of two hours on 28 November 2026; tests give it tiers. */
export const performance: Performance = {
  id: 'perf_a',
  event_id: 'evt_a',
  chart_id: null,
  geometry_url: null,
  start_time: '2026-11-28T18:00:00.000Z',
  end_time: '2026-11-28T20:00:00.000Z',
  doors_time: null,
  time_zone: 'Europe/Vienna',
  status: 'published',
  tiers: [],
}

export const event: Event = {
  id: 'evt_a',
  title: 'Monsoon Ragas',
  description: '',
  genre: 'jazz',
  currency: 'EUR',
  status: 'published',
  refund_policy: [],
  organization_id: 'org_a',
  organizer: { id: 'org_a', name: 'Lantern' },
  venue: {
    id: 'ven_a',
    organization_id: 'org_a',
    name: 'Hall',
    address: '',
    city: 'Vienna',
    country: 'AT',
    latitude: null,
    longitude: null,
    time_zone: 'Europe/Vienna',
    created_at: '2026-01-01T00:00:00.000Z',
  },
  published_at: '2026-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  cancellation: null,
  performances: [performance],
}
