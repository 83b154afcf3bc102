import type { EventCancelled, PerformancePublished } from '@tessera/contracts/events/catalog'
import type { Event } from '@tessera/contracts/http/catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { cancelEventsOf } from './cancel-events-of.ts'
import {
  ANNAS,
  anna,
  ben,
  draftEvent,
  EVENT,
  expectStatus,
  type Fixture,
  inDays,
  NIGHT,
  openFixture,
  publishedEvent,
  STALLS,
  VENUE,
} from './fixture.ts'
import { invariants } from './invariants.ts'

let catalog: Fixture
let venue_id: string
beforeAll(async () => {
  catalog = await openFixture()
  venue_id = (
    await expectStatus<{ id: string }>(201, catalog.call('POST', '/api/v1/venues', { as: anna, body: VENUE }))
  ).id
})
afterAll(() => catalog[Symbol.asyncDispose]())

const create = (change: object) =>
  catalog.call('POST', '/api/v1/events', { as: anna, body: { ...EVENT, venue_id, ...change } })
const put = (id: string, body: object, headers = {}) =>
  catalog.call('PUT', `/api/v1/events/${id}`, { as: anna, body, headers })
const get = (id: string, options: object = { as: anna }) => catalog.call('GET', `/api/v1/events/${id}`, options)
const pointers = (body: unknown) => (body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)

test('a draft is stored as given and visible to its organization only, with a location and a tag', async () => {
  const answered = await create({})
  const event = answered.body as Event
  expect([answered.status, answered.headers.location, answered.headers.etag]).toEqual([
    201,
    `/api/v1/events/${event.id}`,
    '"1"',
  ])
  expect(event).toMatchObject({
    ...EVENT,
    status: 'draft',
    organization_id: ANNAS,
    venue: { id: venue_id },
    performances: [],
    published_at: null,
  })
  expect((await get(event.id, {})).status).toBe(404)
  const own = await get(event.id)
  expect([own.status, own.headers['cache-control'], own.body]).toEqual([200, 'private, no-cache', event])
  expect((await get(event.id, { as: anna, headers: { 'if-none-match': '"1"' } })).status).toBe(304)
})

test('genre and description are optional; any script is plain text, never markup', async () => {
  const body = { title: '<b>「桜の園」</b> ‏قصة‏ 👩‍👩‍👧', venue_id, currency: 'JPY' }
  const event = await expectStatus<Event>(201, catalog.call('POST', '/api/v1/events', { as: anna, body }))
  expect(event).toMatchObject({ title: body.title, description: '', genre: 'Other', currency: 'JPY' })
  await expectStatus(201, create({ description: 'x'.repeat(20_000) }))
  expect((await create({ description: 'x'.repeat(20_001) })).status).toBe(400)
})

test('a text that would be shown as another one, or not at all, is refused', async () => {
  const refused = await create({ title: '\u202eThe Tempest', description: 'first\n\u2066second', genre: '\u200b' })
  expect(refused.status).toBe(422)
  expect(pointers(refused.body)).toEqual(['/title', '/description', '/genre'])
})

test('every unacceptable value is named', async () => {
  const refused = await create({
    title: ' ',
    description: 'half \udc00',
    genre: 'a\u0007b',
    currency: 'XYZ',
    refund_policy: [
      { hours_before: 24, percent: 101 },
      { hours_before: 24, percent: 50 },
      { hours_before: -1, percent: 0.5 },
    ],
  })
  expect(refused.status).toBe(422)
  expect(pointers(refused.body)).toEqual([
    '/title',
    '/description',
    '/genre',
    '/currency',
    '/refund_policy/0/percent',
    '/refund_policy/1/hours_before',
    '/refund_policy/2/hours_before',
    '/refund_policy/2/percent',
  ])
  for (const change of [
    { title: 7 },
    { refund_policy: [] },
    { status: 'published' },
    { organizer_name: 'x' },
    { version: 9 },
  ]) {
    expect((await create(change)).status).toBe(400)
  }
})

test('a refund policy is kept with its most distant step first', async () => {
  const refund_policy = [
    { hours_before: 0, percent: 0 },
    { hours_before: 48, percent: 80 },
  ]
  const event = await expectStatus<Event>(201, create({ refund_policy }))
  expect(event.refund_policy).toEqual(refund_policy.toReversed())
})

test('a change keeps the other fields, raises the version, and honours If-Match', async () => {
  const event = await expectStatus<Event>(201, create({}))
  const changed = await put(event.id, { title: 'Requiem' }, { 'if-match': '"1"' })
  expect([changed.status, changed.headers.etag]).toEqual([200, '"2"'])
  expect(changed.body).toEqual({ ...event, title: 'Requiem' })
  const late = await put(event.id, { title: 'Too late' }, { 'if-match': '"1"' })
  expect([late.status, (late.body as { type: string }).type]).toEqual([412, '/problems/precondition-failed'])
  expect((await put(event.id, { title: 'Any' }, { 'if-match': '*' })).status).toBe(200)
  expect((await put(event.id, {})).status).toBe(400)
  expect((await put(event.id, { title: '' })).status).toBe(400)
  expect((await put(event.id, { title: '\t' })).status).toBe(422)
})

test('of two writers who read the same version one wins', async () => {
  const event = await expectStatus<Event>(201, create({}))
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => put(event.id, { title: `Writer ${n}` }, { 'if-match': '"1"' })),
  )
  expect(answers.map((one) => one.status).sort()).toEqual([200, ...Array(9).fill(412)])
})

test('a public page’s tag serves as If-Match in any encoding', async () => {
  const { event } = await publishedEvent(catalog)
  const page = await catalog.http.fastify.inject({
    url: `/api/v1/events/${event.id}`,
    headers: { 'accept-encoding': 'br' },
  })
  expect(page.headers.etag).toMatch(/^"\d+\.[\w-]+\.br"$/)
  await expectStatus(200, put(event.id, { title: 'First' }, { 'if-match': String(page.headers.etag) }))
  expect((await put(event.id, { title: 'Second' }, { 'if-match': String(page.headers.etag) })).status).toBe(412)
})

test('a change of a published event is public at once and announced again', async () => {
  const { event, performance } = await publishedEvent(catalog)
  await expectStatus(200, get(event.id, {}))
  await expectStatus(
    200,
    put(event.id, { title: 'Now with encore', refund_policy: [{ hours_before: 1, percent: 10 }] }),
  )
  expect(await expectStatus(200, get(event.id, {}))).toMatchObject({ title: 'Now with encore' })
  const later = { start_time: inDays(33, 18), end_time: inDays(33, 20) }
  await expectStatus(200, catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body: later }))
  expect(await expectStatus(200, catalog.call('GET', `/api/v1/performances/${performance.id}`))).toMatchObject(later)
  const told = (await catalog.published('catalog.performance_published'))
    .filter((one) => one.key === performance.id)
    .map((one) => one.payload as PerformancePublished)
  expect(told.map((one) => [one.revision, one.title, one.start_time])).toEqual([
    [1, event.title, performance.start_time],
    [2, 'Now with encore', performance.start_time],
    [3, 'Now with encore', later.start_time],
  ])
})

test('fields fixed by a sale, prices or charts cannot change', async () => {
  const sold = await publishedEvent(catalog)
  expect((await put(sold.event.id, { currency: 'USD' })).status).toBe(409)
  expect((await put(sold.event.id, { venue_id })).status).toBe(409)
  expect((await put(sold.event.id, { venue_id: sold.venue.id, currency: 'EUR' })).status).toBe(200)
  const draft = await draftEvent(catalog)
  expect((await put(draft.event.id, { currency: 'USD' })).status).toBe(409)
  expect((await put(draft.event.id, { venue_id })).status).toBe(409)
  const bare = await expectStatus<Event>(201, create({}))
  await expectStatus(
    201,
    catalog.call('POST', `/api/v1/events/${bare.id}/performances`, {
      as: anna,
      body: { start_time: '2027-07-01T23:30:00+02:00', end_time: '2027-07-02T01:00:00+02:00' },
    }),
  )
  const tokyo = await expectStatus<{ id: string }>(
    201,
    catalog.call('POST', '/api/v1/venues', {
      as: anna,
      body: { ...VENUE, name: 'Tokyo', country: 'JP', time_zone: 'Asia/Tokyo' },
    }),
  )
  const moved = await expectStatus<Event>(200, put(bare.id, { venue_id: tokyo.id, currency: 'USD' }))
  expect([moved.currency, moved.performances[0]?.time_zone]).toEqual(['USD', 'Asia/Tokyo'])
  const days = await catalog.owner.query<{ day: string }>(
    'select local_date::text as day from catalog.performances where event_id = $1',
    [bare.id],
  )
  expect(days).toEqual([{ day: '2027-07-02' }])
})

test('a cancelled event stays readable, is announced once, and cannot change', async () => {
  const { event, performance } = await publishedEvent(catalog)
  const cancel = () => catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna })
  expect(await expectStatus(200, cancel())).toMatchObject({ id: event.id, status: 'cancelled' })
  const page = await expectStatus<Event>(200, get(event.id, {}))
  expect([page.status, page.performances[0]?.status]).toEqual(['cancelled', 'cancelled'])
  await expectStatus(200, cancel())
  const told = (await catalog.published('catalog.event_cancelled')).filter((one) => one.key === event.id)
  expect(told.map((one) => one.payload as EventCancelled)).toEqual([
    { event_id: event.id, organization_id: ANNAS, performance_ids: [performance.id] },
  ])
  const refusals = await Promise.all([
    put(event.id, { title: 'Back again' }),
    catalog.call('POST', `/api/v1/events/${event.id}/publish`, { as: anna }),
    catalog.call('POST', `/api/v1/events/${event.id}/performances`, {
      as: anna,
      body: { start_time: inDays(9), end_time: inDays(10) },
    }),
    catalog.call('POST', `/api/v1/performances/${performance.id}/tiers`, { as: anna, body: STALLS }),
    catalog.call('PUT', `/api/v1/performances/${performance.id}`, {
      as: anna,
      body: { start_time: inDays(9), end_time: inDays(10) },
    }),
  ])
  expect(refusals.map((one) => one.status)).toEqual([409, 409, 409, 409, 409])
})

const END = async (performance_id: string) =>
  catalog.owner.query(
    `update catalog.performances set start_time = now() - interval '3 h', end_time = now() - interval '1 h', doors_time = null
     where id = $1`,
    [performance_id],
  )

test('a cancellation leaves out the performances that have ended, names them, and keeps them from changing', async () => {
  const { event, performance: played } = await publishedEvent(catalog)
  const coming = await expectStatus<{ id: string }>(
    201,
    catalog.call('POST', `/api/v1/events/${event.id}/performances`, { as: anna, body: NIGHT }),
  )
  const general = { name: 'Standing', price: { amount: 2_000, currency: 'EUR' }, quantity: 50 }
  await expectStatus(201, catalog.call('POST', `/api/v1/performances/${coming.id}/tiers`, { as: anna, body: general }))
  await expectStatus(200, catalog.call('POST', `/api/v1/events/${event.id}/publish`, { as: anna }))
  await END(played.id)

  const cancelled = await expectStatus<Event>(200, catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna }))
  expect(cancelled.cancellation?.ended_performance_ids).toEqual([played.id])
  const page = await expectStatus<Event>(200, get(event.id, {}))
  expect(page.cancellation).toEqual(cancelled.cancellation)
  expect(page.performances.map((one) => [one.id, one.status])).toEqual([
    [played.id, 'published'],
    [coming.id, 'cancelled'],
  ])
  const told = (await catalog.published('catalog.event_cancelled')).filter((one) => one.key === event.id)
  expect(told.map((one) => (one.payload as EventCancelled).performance_ids)).toEqual([[coming.id]])
  const tier = page.performances[0]?.tiers[0]?.id ?? ''
  const writes = await Promise.all([
    catalog.call('PUT', `/api/v1/performances/${played.id}`, { as: anna, body: NIGHT }),
    catalog.call('POST', `/api/v1/performances/${played.id}/tiers`, { as: anna, body: STALLS }),
    catalog.call('PUT', `/api/v1/tiers/${tier}`, { as: anna, body: { name: 'Circle' } }),
  ])
  expect(writes.map((one) => one.status)).toEqual([409, 409, 409])
  expect(await violationsEitherWay(catalog.auditor, invariants)).toEqual({})
})

test('a performance on sale is not moved to where it would have ended; one that has ended may be held later', async () => {
  const { event, performance } = await publishedEvent(catalog)
  const move = (start_time: string, end_time: string) =>
    catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body: { start_time, end_time } })
  expect(await move(inDays(-3, 18), inDays(-3, 21))).toMatchObject({
    status: 422,
    body: { type: '/problems/invalid-input', errors: [{ pointer: '/end_time' }] },
  })
  expect((await move(inDays(-3, 18), inDays(3, 21))).status).toBe(200)
  await END(performance.id)
  expect((await move(inDays(-4, 18), inDays(-4, 21))).status).toBe(200)
  expect((await move(inDays(4, 18), inDays(4, 21))).status).toBe(200)
  await expectStatus(200, catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna }))
})

test('an event whose performances have all ended cannot be cancelled', async () => {
  const { event, performance } = await publishedEvent(catalog)
  await END(performance.id)
  expect(await catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna })).toMatchObject({
    status: 409,
    body: { type: '/problems/conflict', detail: expect.stringContaining('has ended') },
  })
  catalog.deps.documents.changed(event.id)
  expect(await expectStatus(200, get(event.id, {}))).toMatchObject({ status: 'completed', cancellation: null })
  expect((await catalog.published('catalog.event_cancelled')).filter((one) => one.key === event.id)).toEqual([])
})

test('the events of an organization are cancelled where they are on sale: no draft, nothing of others, once', async () => {
  const own = await openFixture()
  try {
    const [first, second] = [await publishedEvent(own), await publishedEvent(own)]
    const draft = await draftEvent(own)
    const bens = await publishedEvent(own, { as: ben })
    expect(await cancelEventsOf(own.deps, { organization_ids: [] })).toEqual({ events: 0 })
    expect(await cancelEventsOf(own.deps, { organization_ids: [ANNAS] })).toEqual({ events: 2 })
    expect(await cancelEventsOf(own.deps, { organization_ids: [ANNAS] })).toEqual({ events: 0 })
    const cancelled = await own.published('catalog.event_cancelled')
    expect(cancelled.map((one) => one.key).toSorted()).toEqual([first.event.id, second.event.id].toSorted())
    const left = await own.owner.query<{ id: string; status: string }>(
      "select id, status from catalog.events where status <> 'cancelled'",
    )
    expect(new Map(left.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [draft.event.id, 'draft'],
        [bens.event.id, 'published'],
      ]),
    )
  } finally {
    await own[Symbol.asyncDispose]()
  }
})

test('a cancelled draft was never public and is not announced', async () => {
  const { event } = await draftEvent(catalog)
  expect(await expectStatus(200, catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna }))).toMatchObject({
    status: 'cancelled',
  })
  expect((await get(event.id, {})).status).toBe(404)
  expect((await catalog.published('catalog.event_cancelled')).filter((one) => one.key === event.id)).toEqual([])
})

test('an event whose performances are over is completed', async () => {
  const { event } = await publishedEvent(catalog)
  await catalog.owner.query(
    `update catalog.performances set start_time = now() - interval '3 h', end_time = now() - interval '1 h' where event_id = $1`,
    [event.id],
  )
  catalog.deps.documents.changed(event.id)
  expect(await expectStatus(200, get(event.id, {}))).toMatchObject({ status: 'completed' })
})

test('absurd bodies are refused before anything is written', async () => {
  const raw = (body: string) => catalog.call('POST', '/api/v1/events', { as: anna, body })
  expect((await raw(`{"title":"${'x'.repeat(10_485_760)}"}`)).status).toBe(413)
  expect((await raw(`{"title":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).status).toBe(400)
  expect((await raw(`{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join()}}`)).status).toBe(400)
})
