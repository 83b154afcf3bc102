import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import type { Event } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anna,
  ben,
  draftEvent,
  expectStatus,
  type Fixture,
  inDays,
  openFixture,
  publishedEvent,
  STALLS,
} from './fixture.ts'

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture()
})
afterAll(() => catalog[Symbol.asyncDispose]())

const PLACES = {
  name: 'Standing',
  price: { amount: 2_000, currency: 'EUR' },
  quantity: 100,
  sale_start: inDays(-1),
  sale_end: inDays(29),
}
const put = (id: string | undefined, body: object, options: object = {}) =>
  catalog.call('PUT', `/api/v1/tiers/${id}`, { as: anna, body, ...options })
const told = async (performance_id: string) =>
  (await catalog.published('catalog.performance_published'))
    .filter((event) => event.key === performance_id)
    .map((event) => event.payload as PerformancePublished)

test('a draft’s tier changes freely and without announcement', async () => {
  const { tiers, performance } = await draftEvent(catalog, { tiers: [STALLS] })
  const body = {
    name: 'Front',
    price: { amount: 5_000, currency: 'EUR' },
    categories: ['Circle', 'Balcony'],
    max_per_person: 4,
  }
  expect(await expectStatus(200, put(tiers[0]?.id, body))).toEqual({ ...tiers[0], ...body })
  expect(await told(performance.id)).toEqual([])
})

test.each(['a draft', 'a published performance'])(
  'a tier without an end of its own sells until the start of %s, also when that moves',
  async (what) => {
    const { sale_end: _, ...open } = STALLS
    const made = await (what === 'a draft' ? draftEvent : publishedEvent)(catalog, { tiers: [open, STALLS] })
    const { event, performance } = made
    const ends = async () => {
      const page = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`, { as: anna }))
      return page.performances[0]?.tiers.map((tier) => tier.sale_end)
    }
    expect(made.tiers.map((tier) => tier.sale_end)).toEqual([performance.start_time, STALLS.sale_end])
    const times = { start_time: inDays(60, 18), end_time: inDays(60, 21) }
    await expectStatus(200, catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body: times }))
    expect(await ends()).toEqual([times.start_time, STALLS.sale_end])
    // A change of something else leaves the rule as it is; null gives it to a tier with a fixed end.
    await expectStatus(200, put(made.tiers[0]?.id, { name: 'Front' }))
    expect(await expectStatus(200, put(made.tiers[1]?.id, { sale_end: null }))).toMatchObject({
      sale_end: times.start_time,
    })
    const again = { start_time: inDays(50, 18), end_time: inDays(50, 21) }
    await expectStatus(200, catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body: again }))
    expect(await ends()).toEqual([again.start_time, again.start_time])
    const announced = (await told(performance.id)).at(-1)?.tiers.map((tier) => tier.sale_end)
    expect(announced).toEqual(what === 'a draft' ? undefined : [again.start_time, again.start_time])
    const late = { sale_start: inDays(51), sale_end: null }
    expect(await put(made.tiers[0]?.id, late)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/sale_start' }] },
    })
    if (what !== 'a draft') return
    const before = { start_time: inDays(-3, 18), end_time: inDays(40, 21) }
    await expectStatus(200, catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body: before }))
    const refused = await catalog.call('POST', `/api/v1/events/${event.id}/publish`, { as: anna })
    expect((refused.body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)).toContain(
      '/performances/0/tiers/0/sale_start',
    )
  },
)

test('on sale a new price is public and announced at once, at a higher revision', async () => {
  const { tiers, performance, event } = await publishedEvent(catalog)
  const price = { amount: 5_200, currency: 'EUR' }
  await expectStatus(200, put(tiers[0]?.id, { price }))
  const page = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${event.id}`))
  expect(page.performances[0]?.tiers[0]?.price).toEqual(price)
  expect((await told(performance.id)).map((one) => [one.revision, one.tiers[0]?.price.amount])).toEqual([
    [1, 4_800],
    [2, 5_200],
  ])
})

test('a published tier keeps its capacity: a quantity only grows, categories stay', async () => {
  const { tiers } = await publishedEvent(catalog, { tiers: [PLACES, STALLS] })
  const fewer = await put(tiers[0]?.id, { quantity: 99 })
  expect([fewer.status, (fewer.body as { type: string }).type]).toEqual([409, '/problems/conflict'])
  expect(await expectStatus(200, put(tiers[0]?.id, { quantity: 150 }))).toMatchObject({ quantity: 150 })
  expect((await put(tiers[1]?.id, { categories: ['Circle'] })).status).toBe(409)
  expect((await put(tiers[1]?.id, { categories: ['Stalls'], name: 'Parterre' })).status).toBe(200)
})

test('values are validated as for a new tier; kinds do not change; other tenants get 404', async () => {
  const { tiers, event } = await draftEvent(catalog, { tiers: [PLACES] })
  const id = tiers[0]?.id
  for (const change of [
    { quantity: 0 },
    { categories: ['Stalls'] },
    { sale_end: inDays(-3) },
    { price: { amount: 1, currency: 'USD' } },
    { max_per_order: 0 },
  ]) {
    expect([change, (await put(id, change)).status]).toEqual([change, 422])
  }
  for (const change of [{}, { published: true }, { price: 7 }]) expect((await put(id, change)).status).toBe(400)
  const [foreign, unknown] = await Promise.all([
    put(id, { name: 'Mine' }, { as: ben }),
    put(newId('tier'), { name: 'Mine' }, { as: ben }),
  ])
  expect([foreign.status, unknown.status]).toEqual([404, 404])
  expect((await put(id, { name: 'Late' }, { headers: { 'if-match': '"1"' } })).status).toBe(412)
  expect(event.performances).toEqual([])
})

test('a draft tier stays a draft when a published one beside it changes', async () => {
  const { tiers, performance } = await publishedEvent(catalog)
  await expectStatus(
    201,
    catalog.call('POST', `/api/v1/performances/${performance.id}/tiers`, {
      as: anna,
      body: { ...STALLS, name: 'Child' },
    }),
  )
  await expectStatus(200, put(tiers[0]?.id, { name: 'Adult' }))
  expect((await told(performance.id)).at(-1)?.tiers.map((tier) => tier.name)).toEqual(['Adult'])
})
