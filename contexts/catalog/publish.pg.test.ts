import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import type { Event, PerformanceDetail, Published } from '@tessera/contracts/http/catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ANNAS,
  anna,
  buyer,
  draftEvent,
  expectStatus,
  type Fixture,
  inDays,
  openFixture,
  publishedEvent,
  STALLS,
  UNAPPROVED,
} from './fixture.ts'

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture()
})
afterAll(() => catalog[Symbol.asyncDispose]())

const publish = (event_id: string, headers = {}) =>
  catalog.call('POST', `/api/v1/events/${event_id}/publish`, { as: anna, headers })
const announcements = async (performance_id: string) =>
  (await catalog.published('catalog.performance_published'))
    .filter((event) => event.key === performance_id)
    .map((event) => event.payload as PerformancePublished)

test('a published event is public, complete in its announcement, and open', async () => {
  const { event, performance, venue, chart, tiers } = await draftEvent(catalog)
  expect((await catalog.call('GET', `/api/v1/events/${event.id}`)).status).toBe(404)
  const published = await expectStatus<Published>(200, publish(event.id))
  expect(published).toMatchObject({
    status: 'published',
    warnings: [{ pointer: '/performances/0/tiers', detail: 'No tier sells the seats of Circle (40), Balcony (40)' }],
  })
  const page = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`, { as: buyer }))
  expect(page).toMatchObject({
    id: event.id,
    status: 'published',
    organizer: { id: ANNAS, name: 'Anna’s Agency' },
    venue: { id: venue.id, time_zone: 'Europe/Berlin' },
    refund_policy: [
      { hours_before: 168, percent: 100 },
      { hours_before: 24, percent: 50 },
      { hours_before: 0, percent: 0 },
    ],
    performances: [
      {
        id: performance.id,
        chart_id: chart.id,
        time_zone: 'Europe/Berlin',
        status: 'published',
        tiers: [{ id: tiers[0]?.id, price: { amount: 4_800, currency: 'EUR' }, max_per_order: 10, published: true }],
      },
    ],
  })
  const seats = await expectStatus<PerformanceDetail>(
    200,
    catalog.call('GET', `/api/v1/performances/${performance.id}`),
  )
  expect(seats).toMatchObject({
    id: performance.id,
    geometry_url: `/api/v1/charts/${chart.id}/geometry`,
    event: { id: event.id, title: event.title, venue: { name: venue.name } },
  })
  expect(await announcements(performance.id)).toEqual([
    {
      performance_id: performance.id,
      revision: 1,
      event_id: event.id,
      organization_id: ANNAS,
      chart_id: chart.id,
      title: event.title,
      genre: event.genre,
      currency: 'EUR',
      start_time: performance.start_time,
      end_time: performance.end_time,
      doors_time: null,
      venue: {
        venue_id: venue.id,
        name: venue.name,
        address: venue.address,
        city: venue.city,
        country: 'DE',
        time_zone: 'Europe/Berlin',
      },
      refund_policy: event.refund_policy,
      tiers: [
        {
          tier_id: tiers[0]?.id,
          name: 'Stalls',
          price: { amount: 4_800, currency: 'EUR' },
          categories: ['Stalls'],
          quantity: null,
          sale_start: STALLS.sale_start,
          sale_end: STALLS.sale_end,
          min_per_order: 1,
          max_per_order: 10,
          max_per_person: null,
        },
      ],
    },
  ])
})

test('publishing again changes nothing unless something was added; then only that is announced', async () => {
  const { event, performance } = await publishedEvent(catalog)
  await expectStatus(200, publish(event.id))
  expect(await announcements(performance.id)).toHaveLength(1)
  const body = { start_time: inDays(31, 18), end_time: inDays(31, 21) }
  const second = await expectStatus<{ id: string }>(
    201,
    catalog.call('POST', `/api/v1/events/${event.id}/performances`, { as: anna, body }),
  )
  const places = {
    name: 'Standing',
    price: { amount: 1_000, currency: 'EUR' },
    quantity: 50,
    sale_start: inDays(-1),
    sale_end: inDays(30),
  }
  await expectStatus(201, catalog.call('POST', `/api/v1/performances/${second.id}/tiers`, { as: anna, body: places }))
  const before = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`))
  expect(before.performances.map((one) => one.id)).toEqual([performance.id])
  const own = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`, { as: anna }))
  expect(own.performances.map((one) => [one.id, one.status])).toEqual([
    [performance.id, 'published'],
    [second.id, 'draft'],
  ])
  await expectStatus(200, publish(event.id))
  const after = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`))
  expect(after.performances.map((one) => one.id)).toEqual([performance.id, second.id])
  expect(await announcements(performance.id)).toHaveLength(1)
  expect((await announcements(second.id)).map((one) => [one.revision, one.chart_id, one.tiers[0]?.quantity])).toEqual([
    [1, null, 50],
  ])
})

test('a tier added to a sale in progress is announced by the next publication, at a higher revision', async () => {
  const { event, performance } = await publishedEvent(catalog)
  const child = { ...STALLS, name: 'Child', price: { amount: 1_200, currency: 'EUR' } }
  await expectStatus(
    201,
    catalog.call('POST', `/api/v1/performances/${performance.id}/tiers`, { as: anna, body: child }),
  )
  const names = async () =>
    (await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`))).performances[0]?.tiers.map(
      (tier) => tier.name,
    )
  expect(await names()).toEqual(['Stalls'])
  await expectStatus(200, publish(event.id))
  expect(await names()).toEqual(['Stalls', 'Child'])
  const told = await announcements(performance.id)
  expect(told.map((one) => [one.revision, one.tiers.map((tier) => tier.name)])).toEqual([
    [1, ['Stalls']],
    [2, ['Stalls', 'Child']],
  ])
})

test('concurrent publications publish once', async () => {
  const { event, performance } = await draftEvent(catalog)
  const answers = await Promise.all(Array.from({ length: 12 }, () => publish(event.id)))
  expect(answers.map((one) => one.status)).toEqual(Array(12).fill(200))
  expect(await announcements(performance.id)).toHaveLength(1)
})

test('an event that cannot be sold is not published, and every reason is named', async () => {
  const reasons = async (event_id: string) => {
    const { status, body } = await publish(event_id)
    expect([status, (body as { type: string }).type]).toEqual([409, '/problems/not-publishable'])
    return (body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)
  }
  const { event, venue } = await draftEvent(catalog, { tiers: [] })
  expect(await reasons(event.id)).toEqual(['/performances/0/tiers'])
  const bare = await expectStatus<Event>(
    201,
    catalog.call('POST', '/api/v1/events', { as: anna, body: { title: 'Bare', venue_id: venue.id, currency: 'EUR' } }),
  )
  expect(await reasons(bare.id)).toEqual(['/performances'])
  const past = await draftEvent(catalog, {
    days: -2,
    tiers: [{ ...STALLS, sale_start: inDays(-9), sale_end: inDays(-3) }],
  })
  expect(await reasons(past.event.id)).toEqual(['/performances/0/start_time', '/performances/0/tiers/0/sale_end'])
  const late = await draftEvent(catalog, { tiers: [{ ...STALLS, sale_start: inDays(40), sale_end: inDays(41) }] })
  expect(await reasons(late.event.id)).toEqual(['/performances/0/tiers/0/sale_start'])
})

test('an Idempotency-Key returns its stored answer, and is bound to its request', async () => {
  const { event } = await draftEvent(catalog)
  const headers = { 'idempotency-key': 'publish-1' }
  const first = await publish(event.id, headers)
  const again = await publish(event.id, headers)
  expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([200, 200, 'true'])
  expect(again.body).toEqual(first.body)
  const other = await draftEvent(catalog)
  expect((await publish(other.event.id, headers)).status).toBe(422)
})

test('an organization that awaits approval can draft, and publish once approved', async () => {
  const { event } = await draftEvent(catalog)
  UNAPPROVED.add(ANNAS)
  try {
    expect(await publish(event.id)).toMatchObject({
      status: 409,
      body: { type: '/problems/not-publishable', errors: [{ pointer: '/organization_id' }] },
    })
    expect((await catalog.call('GET', `/api/v1/events/${event.id}`)).status).toBe(404)
  } finally {
    UNAPPROVED.delete(ANNAS)
  }
  expect((await publish(event.id)).status).toBe(200)
})
