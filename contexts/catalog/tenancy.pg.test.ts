import type { Event, Venue } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hall } from './charts/chart.fixture.ts'
import {
  ANNAS,
  admin,
  anna,
  BENS,
  ben,
  buyer,
  cleo,
  dana,
  draftEvent,
  EVENT,
  expectStatus,
  type Fixture,
  guest,
  NIGHT,
  openFixture,
  publishedEvent,
  STALLS,
  VENUE,
} from './fixture.ts'
import { actingFor } from './tenant.ts'

let catalog: Fixture
let annas: Awaited<ReturnType<typeof draftEvent>>
let bens: Awaited<ReturnType<typeof publishedEvent>>
beforeAll(async () => {
  catalog = await openFixture()
  annas = await draftEvent(catalog, { as: anna })
  bens = await publishedEvent(catalog, { as: ben })
})
afterAll(() => catalog[Symbol.asyncDispose]())

const TABLES = ['venues', 'charts', 'events', 'performances', 'tiers'] as const
/** The result of a statement whose author forgot every condition. */
const FORGETFUL = TABLES.map((table) => `select organization_id from ${table}`).join(' union all ')

test('row-level security: without any WHERE a tenant sees its own rows and no others', async () => {
  const seenBy = (organizations: string) =>
    catalog.db.transaction((tx) => tx.query<{ organization_id: string }>(FORGETFUL), actingFor(organizations))
  for (const [mine, others] of [
    [ANNAS, BENS],
    [BENS, ANNAS],
  ] as const) {
    const rows = await seenBy(mine)
    expect(rows.length).toBeGreaterThan(TABLES.length - 1)
    expect(rows.map((row) => row.organization_id)).not.toContain(others)
  }
  expect(new Set((await seenBy(`${ANNAS},${BENS}`)).map((row) => row.organization_id))).toEqual(new Set([ANNAS, BENS]))
  expect(await seenBy(newId('org'))).toEqual([])
})

test('negative control: without row-level security the same statement leaks', async () => {
  const owner = await catalog.owner.query<{ organization_id: string }>(FORGETFUL.replaceAll('from ', 'from catalog.'))
  expect(new Set(owner.map((row) => row.organization_id))).toEqual(new Set([ANNAS, BENS]))
  await catalog.owner.query('alter table catalog.tiers disable row level security')
  const leaked = await catalog.db.transaction(
    (tx) => tx.query<{ organization_id: string }>('select organization_id from tiers'),
    actingFor(ANNAS),
  )
  await catalog.owner.query('alter table catalog.tiers enable row level security')
  expect(leaked.map((row) => row.organization_id)).toContain(BENS)
})

test('without a tenant a statement sees only published rows', async () => {
  const rows = await catalog.db.query<{ organization_id: string }>(FORGETFUL)
  expect(new Set(rows.map((row) => row.organization_id))).toEqual(new Set([BENS]))
})

test('writes cannot touch another organization, all of them, or the public view', async () => {
  const rename = async (organizations: string) =>
    (await catalog.db.transaction(
      (tx) => tx.query(`update events set title = 'taken over' returning organization_id`),
      actingFor(organizations),
    )) as { organization_id: string }[]
  expect(new Set((await rename(ANNAS)).map((row) => row.organization_id))).toEqual(new Set([ANNAS]))
  expect(await rename('*')).toEqual([])
  expect(await rename('')).toEqual([])
  const smuggle = catalog.db.transaction(
    (tx) => tx.query('update events set organization_id = $1', [BENS]),
    actingFor(ANNAS),
  )
  await expect(smuggle).rejects.toThrow(/row-level security/)
})

test('the tenant setting ends with its transaction', async () => {
  await Promise.all(
    Array.from({ length: 40 }, () => catalog.db.transaction((tx) => tx.query('select 1'), actingFor(ANNAS))),
  )
  const seen = await Promise.all(
    Array.from({ length: 40 }, () => catalog.db.query<{ organization_id: string }>(FORGETFUL)),
  )
  for (const rows of seen) expect(rows.map((row) => row.organization_id)).not.toContain(ANNAS)
})

test('children cannot have another organization than their parent, whoever writes', async () => {
  const statements = [
    [
      `insert into catalog.charts select $1, $2, venue_id, name, format, seat_count, categories, document, packed, seat_list, geometry_gzip, geometry_br, geometry_tag from catalog.charts where id = $3`,
      [newId('cht'), ANNAS, bens.chart.id],
    ],
    [`update catalog.events set venue_id = $1 where id = $2`, [bens.venue.id, annas.event.id]],
    [`update catalog.performances set chart_id = $1 where id = $2`, [bens.chart.id, annas.performance.id]],
    [
      `update catalog.tiers set performance_id = $1, position = position + 100 where event_id = $2`,
      [bens.performance.id, annas.event.id],
    ],
  ] as const
  for (const [text, values] of statements)
    await expect(catalog.owner.query(text, values)).rejects.toThrow(/foreign key/)
})

test('charts cannot be changed or removed by the product’s own role', async () => {
  for (const text of [`update charts set name = 'other'`, 'delete from charts']) {
    await expect(catalog.db.transaction((tx) => tx.query(text), actingFor(ANNAS))).rejects.toThrow(/permission denied/)
  }
})

test('every operation: another tenant’s object is answered exactly like an unknown one', async () => {
  const operations = (ids: { venue: string; chart: string; event: string; performance: string }) =>
    [
      ['GET', `/api/v1/venues/${ids.venue}`, undefined],
      ['GET', `/api/v1/venues/${ids.venue}/charts`, undefined],
      ['POST', `/api/v1/venues/${ids.venue}/charts`, hall(3)],
      ['GET', `/api/v1/charts/${ids.chart}`, undefined],
      ['GET', `/api/v1/charts/${ids.chart}/geometry`, undefined],
      ['GET', `/api/v1/events/${ids.event}`, undefined],
      ['PUT', `/api/v1/events/${ids.event}`, { title: 'Mine' }],
      ['DELETE', `/api/v1/events/${ids.event}`, undefined],
      ['POST', `/api/v1/events/${ids.event}/publish`, undefined],
      ['POST', `/api/v1/events/${ids.event}/performances`, NIGHT],
      ['GET', `/api/v1/performances/${ids.performance}`, undefined],
      ['PUT', `/api/v1/performances/${ids.performance}`, NIGHT],
      ['DELETE', `/api/v1/performances/${ids.performance}`, undefined],
      ['POST', `/api/v1/performances/${ids.performance}/tiers`, STALLS],
    ] as const
  const foreign = operations({
    venue: annas.venue.id,
    chart: annas.chart.id,
    event: annas.event.id,
    performance: annas.performance.id,
  })
  const unknown = operations({
    venue: newId('ven'),
    chart: newId('cht'),
    event: newId('evt'),
    performance: newId('perf'),
  })
  const odd = operations({
    venue: 'ven_%00',
    chart: `${'x'.repeat(60)}`,
    event: "evt_'--",
    performance: annas.event.id,
  })
  for (const [n, [method, url, body]] of foreign.entries()) {
    const answers = await Promise.all(
      [url, unknown[n]?.[1] ?? '', odd[n]?.[1] ?? ''].map((one) => catalog.call(method, one, { as: ben, body })),
    )
    const bodies = answers.map(({ status, body: sent }) => ({
      ...(sent as object),
      status,
      instance: '',
      request_id: '',
    }))
    expect(bodies[0], `${method} ${url}`).toMatchObject({ status: 404, type: '/problems/not-found' })
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
  }
  expect(
    (
      await catalog.owner.query<{ title: string }>('select title from catalog.events where id = $1', [annas.event.id])
    )[0]?.title,
  ).not.toBe('Mine')
})

test('references in bodies follow the same rule', async () => {
  const post = (url: string, body: unknown, as = ben) =>
    catalog.call('POST', url, { as, body }).then((one) => one.status)
  expect(await post('/api/v1/events', { ...EVENT, venue_id: annas.venue.id })).toBe(404)
  expect(await post('/api/v1/events', { ...EVENT, venue_id: newId('ven') })).toBe(404)
  expect(await post('/api/v1/events', { ...EVENT, venue_id: 'ven_\u0000' })).toBe(404)
  expect(await post('/api/v1/events', { ...EVENT, venue_id: bens.venue.id, organization_id: ANNAS })).toBe(404)
  expect(await post('/api/v1/venues', { ...VENUE, organization_id: ANNAS })).toBe(404)
  expect(await post(`/api/v1/events/${bens.event.id}/performances`, { ...NIGHT, chart_id: annas.chart.id })).toBe(404)
  expect(await post(`/api/v1/events/${bens.event.id}/performances`, { ...NIGHT, chart_id: newId('cht') })).toBe(404)
  expect(
    (
      await catalog.call('PUT', `/api/v1/events/${(await draftEvent(catalog, { as: ben, tiers: [] })).event.id}`, {
        as: ben,
        body: { venue_id: annas.venue.id },
      })
    ).status,
  ).toBe(409)
  const lists = await expectStatus<{ items: Venue[] }>(
    200,
    catalog.call('GET', '/api/v1/venues?limit=100', { as: ben }),
  )
  expect(new Set(lists.items.map((venue) => venue.organization_id))).toEqual(new Set([BENS]))
  expect((await catalog.call('GET', `/api/v1/venues?organization_id=${ANNAS}`, { as: ben })).status).toBe(404)
})

test('a missing role is 403, no token is 401', async () => {
  for (const as of [buyer, guest]) {
    expect((await catalog.call('POST', '/api/v1/venues', { as, body: VENUE })).status).toBe(403)
    expect((await catalog.call('POST', `/api/v1/events/${annas.event.id}/publish`, { as })).status).toBe(403)
  }
  expect((await catalog.call('POST', '/api/v1/venues', { body: VENUE })).status).toBe(401)
  expect(
    (await catalog.call('PUT', `/api/v1/events/${annas.event.id}`, { as: dana, body: { title: 'x' } })).status,
  ).toBe(403)
})

test('staff sees its organization’s drafts and changes nothing', async () => {
  await expectStatus(200, catalog.call('GET', `/api/v1/events/${annas.event.id}`, { as: dana }))
  await expectStatus(200, catalog.call('GET', `/api/v1/performances/${annas.performance.id}`, { as: dana }))
})

test('with several organizations one must be named; an unknown one is 404, for admins too', async () => {
  const unsaid = await catalog.call('POST', '/api/v1/venues', { as: cleo, body: VENUE })
  expect([unsaid.status, (unsaid.body as { errors: object[] }).errors]).toEqual([
    422,
    [{ pointer: '/organization_id', detail: expect.stringContaining('organization_id') }],
  ])
  const venue = await expectStatus<Venue>(
    201,
    catalog.call('POST', '/api/v1/venues', { as: cleo, body: { ...VENUE, organization_id: BENS } }),
  )
  expect(venue.organization_id).toBe(BENS)
  expect((await catalog.call('POST', '/api/v1/venues', { as: admin, body: VENUE })).status).toBe(422)
  expect(
    (await catalog.call('POST', '/api/v1/venues', { as: admin, body: { ...VENUE, organization_id: newId('org') } }))
      .status,
  ).toBe(404)
  const event = await expectStatus<Event>(200, catalog.call('GET', `/api/v1/events/${annas.event.id}`, { as: admin }))
  expect(event.organization_id).toBe(ANNAS)
})

test('a list of organizations is not accepted as one', async () => {
  const { status } = await catalog.call('POST', '/api/v1/venues', {
    as: ben,
    body: { ...VENUE, organization_id: `${BENS},${ANNAS}` },
  })
  expect(status).toBe(404)
})
