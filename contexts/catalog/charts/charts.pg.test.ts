import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { ChartCreated, ChartDetail, ChartSummary, Venue } from '@tessera/contracts/http/catalog'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import { decodeGeometry, type GeometryDocument } from '@tessera/contracts/seat-map/geometry'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
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
  VENUE,
} from '../fixture.ts'
import { rpc as rpcOf } from '../rpc.ts'
import { hall } from './chart.fixture.ts'

const PLANS = referenceData('seating/')

let catalog: Fixture
let venue: Venue
beforeAll(async () => {
  catalog = await openFixture()
  venue = await expectStatus<Venue>(201, catalog.call('POST', '/api/v1/venues', { as: anna, body: VENUE }))
})
afterAll(() => catalog[Symbol.asyncDispose]())

const upload = (body: unknown, headers: Record<string, string> = {}) =>
  catalog.call('POST', `/api/v1/venues/${venue.id}/charts`, { as: anna, body, headers })
const slugOf = (body: unknown) => (body as { type: string }).type.replace('/problems/', '')

test('a chart is returned as it was sent, with its seats in order, and cannot change', async () => {
  const document = hall(120)
  const chart = await expectStatus<ChartCreated>(201, upload(document))
  expect(chart).toMatchObject({ seat_count: 120, name: 'Great Hall', venue_id: venue.id })
  expect(chart.categories).toEqual([
    { name: 'Stalls', color: '#C02020', seat_count: 40 },
    { name: 'Circle', color: '#2060C0', seat_count: 40 },
    { name: 'Balcony', color: '#20A060', seat_count: 40 },
  ])
  const answered = await catalog.call('GET', `/api/v1/charts/${chart.id}`, { as: anna })
  const detail = answered.body as ChartDetail
  expect(detail.document).toEqual(document)
  expect(detail.seats).toHaveLength(120)
  expect(detail.seats[0]).toEqual({
    id: 'Stalls-1-1',
    label: 'Stalls, row 1, seat 1',
    section: 'Stalls',
    row: '1',
    number: '1',
    category: 'Stalls',
    accessible: true,
    obstructed: false,
  })
  expect(answered.headers['cache-control']).toBe('private, max-age=31536000, immutable')
  const again = await catalog.call('GET', `/api/v1/charts/${chart.id}`, {
    as: anna,
    headers: { 'if-none-match': answered.headers.etag ?? '' },
  })
  expect(again.status).toBe(304)
  for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
    expect((await catalog.call(method, `/api/v1/charts/${chart.id}`, { as: anna, body: document })).status).toBe(404)
  }
  const list = await expectStatus<{ items: ChartSummary[] }>(
    200,
    catalog.call('GET', `/api/v1/venues/${venue.id}/charts`, { as: anna }),
  )
  expect(list.items.map((one) => one.id)).toEqual([chart.id])
})

test('other contexts get exactly the chart that the normaliser makes', async () => {
  const document = hall(500)
  const { id } = await expectStatus<ChartCreated>(201, upload(document))
  const rpc = rpcOf(catalog.deps)
  const expected = normaliseChart(document)
  expect(expected.kind === 'chart' && expected.chart).toEqual(await rpc.chart({ chart_id: id }))
  expect(await rpc.chart({ chart_id: id })).toBe(await rpc.chart({ chart_id: id }))
  expect(await rpc.chart({ chart_id: 'cht_00000000000000000000000000' })).toBeNull()
})

test('the geometry is visible to its organization until a performance on it is published, then public for a year', async () => {
  const draft = await draftEvent(catalog)
  const url = `/api/v1/charts/${draft.chart.id}/geometry`
  expect((await catalog.call('GET', url)).status).toBe(404)
  expect((await catalog.call('GET', url, { as: ben })).status).toBe(404)
  const own = await catalog.call('GET', url, { as: anna })
  expect([own.status, own.headers['cache-control']]).toEqual([200, 'private, max-age=31536000, immutable'])
  await expectStatus(200, catalog.call('POST', `/api/v1/events/${draft.event.id}/publish`, { as: anna }))
  const all = await catalog.call('GET', url)
  expect([all.status, all.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  const geometry = decodeGeometry(all.body as GeometryDocument)
  expect([geometry.count, geometry.ids[119]]).toEqual([120, 'Balcony-1-40'])
  const packed = await catalog.http.fastify.inject({ url, headers: { 'accept-encoding': 'br' } })
  expect([packed.headers['content-encoding'], packed.rawPayload.length < all.raw.length]).toEqual(['br', true])
  const known = await catalog.call('GET', url, { headers: { 'if-none-match': String(packed.headers.etag) } })
  expect([known.status, known.raw.length]).toEqual([304, 0])
})

test('every error of a chart has its pointer', async () => {
  const broken = hall(6)
  const [first, second] = broken.sections?.[0]?.rows?.[0]?.seats ?? []
  if (first === undefined || second === undefined) throw new Error('The hall has no seats')
  second.id = first.id
  first.category = 'Parquet'
  const { status, body } = await upload(broken)
  expect([status, slugOf(body)]).toEqual([422, 'invalid-chart'])
  const errors = (body as { errors: { pointer: string; detail: string }[] }).errors
  expect(errors.map((error) => error.pointer)).toContain('/sections/0/rows/0/seats/0/category')
  expect(errors.some((error) => error.pointer.startsWith('/sections/0/rows/0/seats/1'))).toBe(true)
})

test('real plans from elsewhere: valid ones are accepted seat for seat, ambiguous ones refused with pointers', async (context) => {
  context.skip(!hasReferenceData('seating/'), `There is no folder ${PLANS.pathname} with plans of others`)
  for (const name of ['hall-ru-60', 'hall-ru-sector-555']) {
    const plan = JSON.parse(readFileSync(new URL(`${name}.pretix.json`, PLANS), 'utf8'))
    const expected = JSON.parse(readFileSync(new URL(`${name}.expected.json`, PLANS), 'utf8'))
    const chart = await expectStatus<ChartCreated>(201, upload(plan))
    expect(chart.seat_count).toBe(expected.seats)
    const counts = Object.fromEntries(
      chart.categories.filter((one) => one.seat_count > 0).map((one) => [one.name, one.seat_count]),
    )
    expect(counts).toEqual(expected.categories)
    const detail = await expectStatus<ChartDetail>(200, catalog.call('GET', `/api/v1/charts/${chart.id}`, { as: anna }))
    expect([detail.format, detail.document]).toEqual(['pretix', plan])
  }
  const twice = JSON.parse(readFileSync(new URL('pretix-plan-738.json', PLANS), 'utf8'))
  const { status, body } = await upload(twice)
  const errors = (body as { errors: { detail: string }[] }).errors
  expect([status, slugOf(body), errors.length]).toEqual([422, 'invalid-chart', 126])
})

test('hostile bodies end as 400, 413 or 422, never as 500', async () => {
  const statusOf = async (body: string) => (await upload(body)).status
  expect(await statusOf('')).toBe(400)
  expect(await statusOf('{"format":')).toBe(400)
  expect(await statusOf('[]')).toBe(422)
  expect(await statusOf('null')).toBe(422)
  expect(await statusOf('{"format":"other/9"}')).toBe(422)
  expect(await statusOf(`{"format":"tessera-chart/1","sections":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBe(
    422,
  )
  expect(await statusOf('['.repeat(100_000))).toBe(400)
  expect(await statusOf('{"format":"tessera-chart/1","__proto__":{"name":"x"}}')).toBe(422)
  expect(await statusOf(`{"zones":[],${'"a":1,'.repeat(1_000_000)}"b":1e400}`)).toBe(422)
  expect((await upload('{}', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await upload('x'.repeat(64 * 1_048_576 + 1))).status).toBe(413)
  const notUtf8 = await catalog.http.fastify.inject({
    method: 'POST',
    url: `/api/v1/venues/${venue.id}/charts`,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${Buffer.from(JSON.stringify(anna)).toString('base64url')}`,
    },
    payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
  })
  expect(notUtf8.statusCode).toBe(400)
})

test('a chart of 80,000 seats is accepted while other requests are served', async () => {
  let done = false
  const taken = upload(JSON.stringify(hall(80_000))).finally(() => {
    done = true
  })
  for (let served = 0; served < 200; served++) {
    await expectStatus(200, catalog.call('GET', '/api/v1/events'))
    await turn()
  }
  expect(done).toBe(false)
  expect((await expectStatus<ChartCreated>(201, taken)).seat_count).toBe(80_000)
  expect((await upload(hall(80_001))).status).toBe(422)
})

test('a key makes one chart', async () => {
  const headers = { 'idempotency-key': 'chart-1' }
  const first = await expectStatus<ChartCreated>(201, upload(hall(10), headers))
  expect(await expectStatus(201, upload(hall(10), headers))).toEqual(first)
  expect((await upload(hall(11), headers)).status).toBe(422)
})

test('a chart on sale stays; before the sale another may replace it if it has the tiers’ categories', async () => {
  const { event, performance } = await publishedEvent(catalog)
  const night = { start_time: inDays(40, 18), end_time: inDays(40, 21) }
  const put = (body: object) => catalog.call('PUT', `/api/v1/performances/${performance.id}`, { as: anna, body })
  const refused = await put({ ...night, chart_id: null })
  expect([refused.status, slugOf(refused.body)]).toEqual([409, 'chart-in-use'])
  const draft = await draftEvent(catalog, { tiers: [STALLS] })
  const own = (body: object) => catalog.call('PUT', `/api/v1/performances/${draft.performance.id}`, { as: anna, body })
  expect((await own({ ...night, chart_id: null })).status).toBe(422)
  const larger = await expectStatus<ChartCreated>(
    201,
    catalog.call('POST', `/api/v1/venues/${draft.venue.id}/charts`, { as: anna, body: hall(240) }),
  )
  expect(await expectStatus(200, own({ ...night, chart_id: larger.id }))).toMatchObject({ chart_id: larger.id })
  expect(event.id).not.toBe(draft.event.id)
})
