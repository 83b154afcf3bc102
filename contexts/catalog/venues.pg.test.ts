import type { Venue } from '@tessera/contracts/http/catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ANNAS, anna, expectStatus, type Fixture, openFixture, publishedEvent, VENUE } from './fixture.ts'

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture()
})
afterAll(() => catalog[Symbol.asyncDispose]())

const create = (body: object, headers = {}) => catalog.call('POST', '/api/v1/venues', { as: anna, body, headers })
const field_errors = async (change: object) => {
  const { status, body } = await create({ ...VENUE, ...change })
  expect(status).toBe(422)
  return (body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)
}

test('a venue is stored as given', async () => {
  const answered = await create(VENUE)
  const venue = answered.body as Venue
  expect(answered.status).toBe(201)
  expect(answered.headers.location).toBe(`/api/v1/venues/${venue.id}`)
  expect(venue).toEqual({ ...VENUE, id: venue.id, organization_id: ANNAS, created_at: venue.created_at })
  expect(await expectStatus(200, catalog.call('GET', `/api/v1/venues/${venue.id}`, { as: anna }))).toEqual(venue)
  expect((await catalog.call('GET', `/api/v1/venues/${venue.id}`)).status).toBe(404)
})

test('the venue of a published event is public', async () => {
  const { venue } = await publishedEvent(catalog)
  expect(await expectStatus(200, catalog.call('GET', `/api/v1/venues/${venue.id}`))).toEqual(venue)
})

test('countries, time zones and names are validated', async () => {
  expect(await field_errors({ country: 'XX' })).toEqual(['/country'])
  expect(await field_errors({ country: 'de' })).toEqual(['/country'])
  expect(await field_errors({ time_zone: 'Mars/Olympus' })).toEqual(['/time_zone'])
  expect(await field_errors({ time_zone: '+02:00' })).toEqual(['/time_zone'])
  expect(await field_errors({ latitude: 90.1, longitude: -180.5 })).toEqual(['/latitude', '/longitude'])
  expect(await field_errors({ longitude: null })).toEqual(['/latitude'])
  expect(await field_errors({ name: 'a\u0000b', address: '\ud800', city: '\n' })).toEqual([
    '/name',
    '/address',
    '/city',
  ])
})

test('names in any script are returned unchanged; coordinates are optional', async () => {
  const change = { name: 'Малый зал ‏قاعة‏ 👩‍👩‍👧 <script>', city: 'Saint-Étienne', address: 'Line 1\nLine 2' }
  const body = {
    name: change.name,
    address: change.address,
    city: change.city,
    country: 'FR',
    time_zone: 'Europe/Paris',
  }
  const venue = await expectStatus<Venue>(201, create(body))
  expect(venue).toMatchObject({ ...change, latitude: null, longitude: null })
})

test('fields of the wrong type or without meaning are malformed', async () => {
  for (const change of [{ name: 7 }, { name: '' }, { latitude: '1' }, { owner: 'me' }, { id: 'ven_x' }]) {
    expect((await create({ ...VENUE, ...change })).status).toBe(400)
  }
  const { time_zone: _, ...without } = VENUE
  expect((await create(without)).status).toBe(400)
  expect((await catalog.call('POST', '/api/v1/venues', { as: anna, body: '{"latitude":1e400}' })).status).toBe(400)
  expect((await catalog.call('POST', '/api/v1/venues', { as: anna, body: '{"__proto__":{}}' })).status).toBe(400)
})

test('a key makes one venue, also for many at once', async () => {
  const headers = { 'idempotency-key': 'venue-1' }
  const answers = await Promise.all(Array.from({ length: 8 }, () => create({ ...VENUE, name: 'Once' }, headers)))
  expect(new Set(answers.map((one) => (one.body as Venue).id)).size).toBe(1)
  expect((await create({ ...VENUE, name: 'Other' }, headers)).status).toBe(422)
})

test('lists page through all venues, newest first, once each, while others are added', async () => {
  const names = ['P1', 'P2', 'P3', 'P4', 'P5']
  for (const name of names) await expectStatus(201, create({ ...VENUE, name }))
  const seen: string[] = []
  let url: string | undefined = '/api/v1/venues?limit=2'
  while (url !== undefined) {
    const answered = await catalog.call('GET', url, { as: anna })
    const body = answered.body as { items: Venue[]; next_cursor: string | null }
    seen.push(...body.items.map((venue) => venue.name))
    await expectStatus(201, create({ ...VENUE, name: 'Later' }))
    url = /<(.+)>; rel="next"/.exec(answered.headers.link ?? '')?.[1]
    expect(url === undefined).toBe(body.next_cursor === null)
  }
  expect(seen.slice(0, 5)).toEqual([...names].reverse())
  expect(seen).not.toContain('Later')
  expect((await catalog.call('GET', '/api/v1/venues?cursor=nonsense', { as: anna })).status).toBe(400)
  expect((await catalog.call('GET', '/api/v1/venues?limit=0', { as: anna })).status).toBe(400)
})
