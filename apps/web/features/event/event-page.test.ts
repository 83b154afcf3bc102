import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Event, Performance } from '../../api/bodies.ts'
import { event, performance } from './event.fixture.ts'
import { EventPage } from './event-page.tsx'
import { tier } from './tier.fixture.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')

/** What the page says, without its markup. */
function words(shown: Performance, of: Partial<Event> = {}, available = 1): string {
  const counts = shown.tiers.map(({ id, name, price }) => ({
    tier_id: id,
    name,
    price,
    total: 100,
    sold: 100 - available,
    held: 0,
    available,
  }))
  const page = createElement(EventPage, {
    event: { ...event, ...of },
    performances: [shown],
    chosen: shown,
    availability: new Map([[shown.id, counts]]),
    now_ms: NOW,
  })
  return renderToStaticMarkup(page)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

test('a cancelled event says so and advertises nothing', () => {
  const policy = { refund_policy: [{ hours_before: 48, percent: 50 }] }
  const tiers = [tier('floor', 2_000, null)]
  const on = words({ ...performance, tiers }, policy, 90)
  for (const said of ['€20', 'Change of plan?', 'Plenty', 'Add to calendar']) expect(on).toContain(said)
  const cancelled = words({ ...performance, tiers, status: 'cancelled' }, policy, 90)
  expect(cancelled).toContain('This event will not take place')
  for (const said of ['€20', 'Change of plan?', 'Plenty', 'Add to calendar']) expect(cancelled).not.toContain(said)
})

test('an ended tier has no price and sets none, one left of a pair is sold out', () => {
  const early = { ...tier('early', 1_000, null), sale_end: '2026-11-10T00:00:00.000Z' }
  const pair = { ...tier('pair', 2_000, null), min_per_order: 2 }
  const page = words({ ...performance, tiers: [early, pair, tier('single', 3_000, null)] })
  expect(page).toContain('Sale ended')
  expect(page).toContain('Sold out')
  expect(page).not.toContain('€10')
  expect(page).toContain('from €30')
})

test('a date far away has its year, and what runs for days its end', () => {
  const far = words({ ...performance, start_time: '2028-02-03T16:49:00.000Z', end_time: '2028-02-03T18:49:00.000Z' })
  expect(far).toContain('Thursday 3 February 2028, 17:49')
  const exhibition = words({ ...performance, end_time: '2027-01-27T17:00:00.000Z' })
  expect(exhibition).toContain('until 27 January 2027')
  expect(exhibition).toContain('– Wed 27 Jan 2027, 18:00')
  expect(exhibition).not.toContain('one night')
})
