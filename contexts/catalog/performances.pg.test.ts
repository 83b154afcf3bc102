import type { Event, Performance, Tier } from '@tessera/contracts/http/catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anna,
  draftEvent,
  expectStatus,
  type Fixture,
  inDays,
  NIGHT,
  openFixture,
  publishedEvent,
  STALLS,
} from './fixture.ts'

let catalog: Fixture
let draft: Awaited<ReturnType<typeof draftEvent>>
beforeAll(async () => {
  catalog = await openFixture()
  draft = await draftEvent(catalog)
})
afterAll(() => catalog[Symbol.asyncDispose]())

const addNight = (body: object) =>
  catalog.call('POST', `/api/v1/events/${draft.event.id}/performances`, { as: anna, body })
const addTier = (change: object) =>
  catalog.call('POST', `/api/v1/performances/${draft.performance.id}/tiers`, { as: anna, body: change })
const pointers = (body: unknown) => (body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)
async function refused(answered: Promise<{ status: number; body: unknown }>): Promise<string[]> {
  const { status, body } = await answered
  expect(status).toBe(422)
  return pointers(body)
}

test('times of any offset are stored in UTC, with the venue’s zone', async () => {
  const body = {
    start_time: '2027-10-31T02:30:00+02:00',
    end_time: '2027-10-31T02:15:00+01:00',
    doors_time: '2027-10-31T02:00:00+02:00',
  }
  expect(await expectStatus<Performance>(201, addNight(body))).toMatchObject({
    start_time: '2027-10-31T00:30:00.000Z',
    end_time: '2027-10-31T01:15:00.000Z',
    doors_time: '2027-10-31T00:00:00.000Z',
    time_zone: 'Europe/Berlin',
    chart_id: null,
    geometry_url: null,
    status: 'draft',
    tiers: [],
  })
})

test('times out of order or out of range are refused, malformed ones are malformed', async () => {
  expect(await refused(addNight({ ...NIGHT, end_time: NIGHT.start_time }))).toEqual(['/end_time'])
  expect(await refused(addNight({ ...NIGHT, doors_time: inDays(30, 19) }))).toEqual(['/doors_time'])
  expect(await refused(addNight({ start_time: '9999-12-30T00:00:00Z', end_time: '9999-12-31T00:00:00Z' }))).toEqual([
    '/start_time',
    '/end_time',
  ])
  for (const start_time of ['tomorrow', '2027-02-30T20:00:00Z', '2027-02-03', '2027-02-03T20:00:00', 7, null]) {
    expect((await addNight({ ...NIGHT, start_time })).status).toBe(400)
  }
})

test('a chart of another venue does not fit', async () => {
  const other = await draftEvent(catalog)
  expect(await refused(addNight({ ...NIGHT, chart_id: other.chart.id }))).toEqual(['/chart_id'])
})

test('tariffs: several tiers on one category, in the order they were made', async () => {
  for (const name of ['Adult', 'Child', 'Member']) await expectStatus(201, addTier({ ...STALLS, name }))
  const event = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${draft.event.id}`, { as: anna }))
  const tiers = event.performances.find((one) => one.id === draft.performance.id)?.tiers
  expect(tiers?.map((tier) => tier.name)).toEqual(['Stalls', 'Adult', 'Child', 'Member'])
})

test('by default the sale runs from now to the start, with ten per order and no limit per person', async () => {
  const tier = await expectStatus<Tier>(
    201,
    addTier({ name: 'Standing', price: { amount: 0, currency: 'EUR' }, quantity: 20 }),
  )
  expect(tier).toMatchObject({
    sale_end: draft.performance.start_time,
    min_per_order: 1,
    max_per_order: 10,
    max_per_person: null,
    published: false,
  })
  expect(Math.abs(Date.parse(tier.sale_start) - Date.now())).toBeLessThan(60_000)
  const group = { ...STALLS, min_per_order: 12 }
  expect(await expectStatus<Tier>(201, addTier(group))).toMatchObject({ min_per_order: 12, max_per_order: 12 })
})

test('a tier is either seated or general admission', async () => {
  expect(await refused(addTier({ ...STALLS, quantity: 5 }))).toEqual([''])
  const { categories: _, ...neither } = STALLS
  expect(await refused(addTier(neither))).toEqual([''])
  const open = await expectStatus<Performance>(201, addNight(NIGHT))
  expect(
    await refused(catalog.call('POST', `/api/v1/performances/${open.id}/tiers`, { as: anna, body: STALLS })),
  ).toEqual(['/categories'])
})

test('every value of a tier is checked against its performance', async () => {
  const { categories: _, ...places } = STALLS
  expect(await refused(addTier({ ...STALLS, categories: ['Stalls', 'Parquet'] }))).toEqual(['/categories/1'])
  expect(await refused(addTier({ ...STALLS, price: { amount: -1, currency: 'USD' } }))).toEqual([
    '/price/amount',
    '/price/currency',
  ])
  expect(await refused(addTier({ ...places, quantity: 0 }))).toEqual(['/quantity'])
  expect(await refused(addTier({ ...places, quantity: 1_000_001 }))).toEqual(['/quantity'])
  expect(await refused(addTier({ ...STALLS, sale_end: STALLS.sale_start }))).toEqual(['/sale_end'])
  expect(await refused(addTier({ ...STALLS, min_per_order: 5, max_per_order: 4 }))).toEqual(['/max_per_order'])
  expect(await refused(addTier({ ...STALLS, min_per_order: 0 }))).toEqual(['/min_per_order'])
  expect(await refused(addTier({ ...STALLS, min_per_order: 3, max_per_person: 2 }))).toEqual(['/max_per_person'])
  for (const name of ['\u0000', '\u202eVIP', '\u200b'])
    expect(await refused(addTier({ ...STALLS, name }))).toEqual(['/name'])
  for (const change of [
    { price: { amount: 1.5, currency: 'EUR' } },
    { price: 48 },
    { categories: [] },
    { categories: ['Stalls', 'Stalls'] },
    { quantity: 1.5 },
    { sold: 0 },
  ]) {
    expect((await addTier({ ...STALLS, ...change })).status).toBe(400)
  }
})

test('many concurrent tiers each keep an order of their own', async () => {
  const { performance, event } = await draftEvent(catalog, { tiers: [] })
  const names = Array.from({ length: 12 }, (_, n) => `T${n}`)
  await Promise.all(
    names.map((name) =>
      expectStatus(
        201,
        catalog.call('POST', `/api/v1/performances/${performance.id}/tiers`, { as: anna, body: { ...STALLS, name } }),
      ),
    ),
  )
  const read = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`, { as: anna }))
  expect(read.performances[0]?.tiers.map((tier) => tier.name).sort()).toEqual(names.sort())
})

test('an unpublished performance can be removed, with its tiers; a published one stays', async () => {
  const { performance } = await draftEvent(catalog)
  const remove = (id: string) => catalog.call('DELETE', `/api/v1/performances/${id}`, { as: anna })
  expect((await remove(performance.id)).status).toBe(204)
  expect((await remove(performance.id)).status).toBe(404)
  expect((await catalog.call('GET', `/api/v1/performances/${performance.id}`, { as: anna })).status).toBe(404)
  const sold = await publishedEvent(catalog)
  expect((await remove(sold.performance.id)).status).toBe(409)
})

test('a write is visible to the very next read, also through cached pages', async () => {
  const { event, performance } = await publishedEvent(catalog)
  for (let n = 0; n < 20; n++) {
    const title = `Title ${n}`
    await Promise.all([
      catalog.call('GET', `/api/v1/events/${event.id}`),
      catalog.call('GET', `/api/v1/performances/${performance.id}`),
      expectStatus(200, catalog.call('PUT', `/api/v1/events/${event.id}`, { as: anna, body: { title } })),
    ])
    expect(await expectStatus(200, catalog.call('GET', `/api/v1/events/${event.id}`))).toMatchObject({ title })
    expect(await expectStatus(200, catalog.call('GET', `/api/v1/performances/${performance.id}`))).toMatchObject({
      event: { title },
    })
  }
})
