import { expect, test } from 'vitest'
import { type EventStream, type Message, openStream } from '../event-stream.ts'
import { productOfFile } from '../product.ts'
import { buy, hold, putOnSale, register } from '../theatre.ts'

/** What someone sees who watches: documents that know their version, and streams that lose nothing. */
const product = await productOfFile()
const { client } = product

type Seats = { version: number; total: number; seats: Record<string, string>; tiers: Record<string, object> }
type Delta = { version: number; previous: number; changes: Record<string, string> }

const seatsPath = (performance_id: string): string => `/performances/${performance_id}/seats`
const streamOf = (performance_id: string, headers: Record<string, string> = {}): Promise<EventStream> =>
  openStream(`${product.origin}/api/v1${seatsPath(performance_id)}/stream`, headers)

/** Public documents may lag by 200 ms. */
const seatsWhere = async (performance_id: string, seats: Record<string, string>): Promise<Seats> => {
  let document: Seats | undefined
  await expect
    .poll(async () => {
      document = (await client.expect<Seats>(200, 'GET', seatsPath(performance_id))).body
      return document.seats
    })
    .toEqual(seats)
  if (document === undefined) throw new Error('There was no document')
  return document
}

test('the seats: sparse, versioned, 304 while nothing changes, binary for our own map', async () => {
  const { performance_id, stalls, circle, standing } = await putOnSale(client)
  const buyer = await register(client)
  const empty = await seatsWhere(performance_id, {})
  expect(empty.total).toBe(40)
  expect(Object.keys(empty.tiers).sort()).toEqual([stalls, circle, standing].sort())

  await hold(client, buyer.token, performance_id, { seat_ids: ['A-1'] })
  const document = await seatsWhere(performance_id, { 'A-1': 'held' })
  expect(document.version).toBeGreaterThan(empty.version)
  expect(document.tiers[stalls]).toEqual({ available: 19, held: 1, sold: 0 })
  const read = await client.expect<Seats>(200, 'GET', seatsPath(performance_id))
  const etag = read.headers.get('etag') ?? ''
  expect(etag).toContain(String(document.version))
  const unchanged = await client.expect(304, 'GET', seatsPath(performance_id), { headers: { 'if-none-match': etag } })
  expect(unchanged.bytes).toHaveLength(0)
  const binary = await client.expect(200, 'GET', seatsPath(performance_id), {
    headers: { accept: 'application/vnd.tessera.seats' },
  })
  expect(binary.headers.get('content-type')).toContain('application/vnd.tessera.seats')
  expect(binary.bytes.length).toBeLessThan(64)
  await buy(client, buyer.token, performance_id, { seat_ids: ['A-2'] })
  await seatsWhere(performance_id, { 'A-1': 'held', 'A-2': 'sold' })
  await client.expect(200, 'GET', seatsPath(performance_id), { headers: { 'if-none-match': etag } })
})

test('the stream tells what changed; who comes back with Last-Event-ID misses nothing', async () => {
  const { performance_id, organizer } = await putOnSale(client)
  const buyer = await register(client)
  const seen: Record<string, string> = {}
  let version = 0
  const take = (message: Message): void => {
    const delta = JSON.parse(message.data) as Delta
    expect(message.event).toBe('seats')
    expect(message.id).toBe(String(delta.version))
    expect(delta.version).toBeGreaterThanOrEqual(version)
    version = delta.version
    for (const [seat, state] of Object.entries(delta.changes)) {
      if (state === 'available') delete seen[seat]
      else seen[seat] = state
    }
  }
  const until = async (stream: EventStream, wanted: Record<string, string>): Promise<void> => {
    while (JSON.stringify(seen) !== JSON.stringify(wanted)) take(await stream.next())
  }
  {
    await using stream = await streamOf(performance_id)
    take(await stream.next())
    const { booking_id } = await hold(client, buyer.token, performance_id, { seat_ids: ['A-1', 'A-2'] })
    await until(stream, { 'A-1': 'held', 'A-2': 'held' })
    await client.expect(200, 'DELETE', `/bookings/${booking_id}`, { as: buyer.token })
    await until(stream, {})
  }
  // Away: three things happen.
  await buy(client, buyer.token, performance_id, { seat_ids: ['B-1'] })
  await hold(client, buyer.token, performance_id, { seat_ids: ['B-2'] })
  await client.expect(201, 'POST', `/performances/${performance_id}/blocks`, {
    as: organizer.token,
    body: { seat_ids: ['B-3'], reason: 'Hall seats' },
  })
  const { version: now } = await seatsWhere(performance_id, { 'B-1': 'sold', 'B-2': 'held', 'B-3': 'blocked' })
  {
    await using stream = await streamOf(performance_id, { 'last-event-id': String(version) })
    await until(stream, { 'B-1': 'sold', 'B-2': 'held', 'B-3': 'blocked' })
    expect(version).toBe(now)
  }
  // A version from a future that is not ours: fetch the document anew.
  await using lost = await streamOf(performance_id, { 'last-event-id': String(now + 1_000) })
  expect((await lost.next()).event).toBe('reset')
})

test('the organizer watches the till; nobody else does', async () => {
  const { performance_id, event_id, organizer } = await putOnSale(client)
  const buyer = await register(client)
  const url = `${product.origin}/api/v1/events/${event_id}/sales/stream`
  await using stream = await openStream(url, { authorization: `Bearer ${organizer.token}` })
  expect(JSON.parse((await stream.next()).data)).toMatchObject({ event_id, performances: [{ sold: 0 }] })
  await buy(client, buyer.token, performance_id, { seat_ids: ['A-1', 'A-2'] })
  const told = await stream.next(({ data }) => data.includes('"sold":2'))
  expect(JSON.parse(told.data)).toMatchObject({
    performances: [{ sold: 2, revenue: { amount: 4_800, currency: 'EUR' } }],
    recent_bookings: [{ total: { amount: 4_800 } }],
  })
  await client.expect(403, 'GET', `/events/${event_id}/sales/stream`, { as: buyer.token })
  await client.expect(401, 'GET', `/events/${event_id}/sales/stream`)
})

test('pages know their version: 304 for readers, 412 for writers who have read an older one', async () => {
  const { event_id, organizer } = await putOnSale(client)
  const as = organizer.token
  const read = await client.expect(200, 'GET', `/events/${event_id}`, { as })
  const etag = read.headers.get('etag') ?? ''
  expect(etag).not.toBe('')
  await client.expect(304, 'GET', `/events/${event_id}`, { as, headers: { 'if-none-match': etag } })
  const headers = { 'if-match': etag }
  await client.expect(200, 'PUT', `/events/${event_id}`, { as, headers, body: { title: 'Much Ado' } })
  await client.expect(412, 'PUT', `/events/${event_id}`, { as, headers, body: { title: 'Nothing' } })
  const changed = await client.expect(200, 'GET', `/events/${event_id}`, { as, headers: { 'if-none-match': etag } })
  expect(changed.body).toMatchObject({ title: 'Much Ado' })
})

test('every answer can be traced, and the surroundings of the API are there', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const traced = await client.expect(200, 'GET', '/events', { headers: { traceparent } })
  expect(traced.headers.get('x-request-id')).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
  expect(traced.headers.get('traceparent')).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/)
  for (const path of [
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/.well-known/jwks.json',
    '/docs/',
    '/problems/conflict',
  ])
    await client.expect(200, 'GET', path)
  const { body } = await client.expect<{ openapi: string; paths: object }>(200, 'GET', '/openapi.json')
  expect(body.openapi).toMatch(/^3\.1/)
  expect(Object.keys(body.paths).length).toBeGreaterThan(40)
})
