import { expect, test } from 'vitest'
import type { EventListItem, SaleSummary } from '../../api/bodies.ts'
import { cardPrice } from './card-price.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const event: EventListItem = {
  id: 'evt_a',
  title: 'Monsoon Ragas',
  genre: 'classical',
  currency: 'EUR',
  status: 'published',
  organization_id: 'org_a',
  organizer: { id: 'org_a', name: 'Lantern' },
  venue: {
    id: 'ven_a',
    name: 'Hall',
    city: 'Vienna',
    country: 'AT',
    time_zone: 'Europe/Vienna',
    latitude: null,
    longitude: null,
  },
  next_performance: null,
  performance_count: 1,
  from_price: { amount: 500, currency: 'EUR' },
  sale_start: '2026-11-01T00:00:00.000Z',
  sale_end: '2026-12-01T00:00:00.000Z',
}
const sale = (state: SaleSummary['state'], amount: number | null): SaleSummary => ({
  event_id: 'evt_a',
  state,
  from_price: amount === null ? null : { amount, currency: 'EUR' },
})

test('a card promises the price that can be paid, not the lowest in the list', () => {
  expect(cardPrice(event, sale('available', 2_000), NOW)?.words).toBe('from €20')
  expect(cardPrice(event, sale('few', 2_000), NOW)?.words).toBe('Last ones · from €20')
  expect(cardPrice(event, undefined, NOW)?.words).toBe('from €5')
})

test('a card says when nothing can be bought', () => {
  expect(cardPrice(event, sale('sold_out', null), NOW)?.words).toBe('Sold out')
  expect(cardPrice(event, sale('all_held', null), NOW)?.words).toBe('All on hold right now')
  expect(cardPrice(event, sale('ended', null), NOW)?.words).toBe('Sale ended')
  expect(cardPrice(event, sale('not_yet', null), NOW)?.words).toBe('Not on sale yet')
  expect(cardPrice({ ...event, sale_start: '2026-11-25T09:00:00.000Z' }, sale('not_yet', 500), NOW)?.words).toBe(
    'On sale 25 November',
  )
})
