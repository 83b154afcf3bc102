import { expect, test } from 'vitest'
import type { Performance } from '../../api/bodies.ts'
import { event, performance } from './event.fixture.ts'
import { eventJsonLd } from './json-ld.ts'
import { tier } from './tier.fixture.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const onsale: Performance = {
  ...performance,
  tiers: [
    tier('open', 2_000, null),
    { ...tier('pair', 1_500, null), min_per_order: 2 },
    { ...tier('later', 2_500, null), sale_start: '2026-11-25T00:00:00.000Z' },
    { ...tier('ended', 1_000, null), sale_end: '2026-11-10T00:00:00.000Z' },
  ],
}
const counts = onsale.tiers.map(({ id, name, price }) => ({
  tier_id: id,
  name,
  price,
  total: 100,
  sold: 99,
  held: 0,
  available: 1,
}))
const offers = (of: Performance, now_ms = NOW) => {
  const data = eventJsonLd(event, of, { counts, origin: 'https://tickets.example', now_ms })
  return 'offers' in data && Array.isArray(data.offers)
    ? data.offers.map((offer: { name: string; availability: string }) => [offer.name, offer.availability])
    : []
}

test('an offer says whether it can be bought; one whose sale ended is none', () => {
  expect(offers(onsale)).toEqual([
    ['open', 'https://schema.org/InStock'],
    ['pair', 'https://schema.org/SoldOut'],
    ['later', 'https://schema.org/PreOrder'],
  ])
})

test('what is cancelled or over offers nothing', () => {
  expect(offers({ ...onsale, status: 'cancelled' })).toEqual([])
  expect(offers(onsale, Date.parse('2026-11-28T21:00:00.000Z'))).toEqual([])
})
