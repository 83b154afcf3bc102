import type { Taken } from '@tessera/contracts/events/booking'
import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { needsMembership, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { decodeSeatStates, seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestContext, type TestContext } from '#platform/testing'
import { consumers } from './consumers.ts'
import type { Deps } from './deps.ts'
import { realtime } from './index.ts'
import { trimChanges } from './project.ts'
import { changesSince, Views } from './views.ts'

const normalised = normaliseChart({
  format: 'tessera-chart/1',
  name: 'Six',
  categories: [{ name: 'Stalls' }],
  sections: [
    {
      name: 'Stalls',
      rows: [
        {
          label: 'A',
          seats: Array.from({ length: 6 }, (_, i) => ({
            id: `A-${i + 1}`,
            label: `${i + 1}`,
            x: i * 20,
            y: 0,
            category: 'Stalls',
          })),
        },
      ],
    },
  ],
})
const chart = normalised.kind === 'chart' ? normalised.chart : null

let fixture: TestContext<Deps>
let origin: string

beforeAll(async () => {
  fixture = await openTestContext(realtime, {
    config: null,
    problems: PROBLEMS,
    roleMay: (role, permission) => roleMay(role as Role, permission),
    needsMembership,
    rpc: {
      catalog: {
        performance: async () => null,
        event: async () => null,
        chart: async () => chart,
        tiers: async () => [],
      },
    },
  })
  await fixture.http.listen(0, '127.0.0.1')
  const address = fixture.http.server.address()
  origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
afterAll(async () => {
  await fixture[Symbol.asyncDispose]()
})

async function publish(tiers: PerformancePublished['tiers']): Promise<PerformancePublished> {
  const facts: PerformancePublished = {
    performance_id: newId('perf'),
    revision: 1,
    event_id: newId('evt'),
    organization_id: newId('org'),
    chart_id: 'cht_six',
    title: 'Night',
    genre: 'music',
    currency: 'EUR',
    start_time: '2089-01-01T20:00:00.000Z',
    end_time: '2089-01-01T22:00:00.000Z',
    doors_time: null,
    venue: { venue_id: 'ven', name: 'Hall', address: 'x', city: 'Berlin', country: 'DE', time_zone: 'Europe/Berlin' },
    refund_policy: [],
    tiers,
  }
  await fixture.deliver('catalog.performance_published', facts.performance_id, facts)
  return facts
}

const adult = () => ({
  tier_id: newId('tier'),
  name: 'Adult',
  price: money(2_500, 'EUR'),
  categories: ['Stalls'],
  quantity: null,
  sale_start: '',
  sale_end: '',
  min_per_order: 1,
  max_per_order: 10,
  max_per_person: null,
})
const standing = () => ({ ...adult(), tier_id: newId('tier'), name: 'Standing', categories: null, quantity: 100 })
const taken = (booking_id: string, seats: number[], tier_id: string, places: Taken['places'] = []): Taken => ({
  booking_id,
  seats,
  seat_tiers: seats.map(() => tier_id),
  places,
})

async function seats(
  performance_id: string,
): Promise<{ version: number; seats: Record<string, string>; tiers: Record<string, object> }> {
  await fixture.deps.views.refresh(performance_id)
  const answer = await fixture.call('GET', `/api/v1/performances/${performance_id}/seats`)
  expect(answer.status).toBe(200)
  return answer.body as { version: number; seats: Record<string, string>; tiers: Record<string, object> }
}

test('the document follows hold, confirmation, takeover, expiry and block; counts by tier follow it', async () => {
  const tier = adult()
  const { performance_id, event_id } = await publish([tier])
  expect(await seats(performance_id)).toEqual({
    version: 0,
    total: 6,
    seats: {},
    tiers: { [tier.tier_id]: { available: 6, held: 0, sold: 0 } },
  })
  const held = (booking: Taken) =>
    fixture.deliver('booking.held', performance_id, { performance_id, expires_at: '', bookings: [booking] })
  await held(taken('b1', [0, 1], tier.tier_id))
  await held(taken('b2', [2], tier.tier_id))
  expect(await seats(performance_id)).toMatchObject({
    version: 2,
    seats: { 'A-1': 'held', 'A-2': 'held', 'A-3': 'held' },
    tiers: { [tier.tier_id]: { available: 3, held: 3, sold: 0 } },
  })
  await fixture.deliver('booking.confirmed', performance_id, {
    booking_id: 'b2',
    seats: [2],
    seat_tiers: [tier.tier_id],
    places: [],
    retaken: false,
  })
  // b1 expired; b3 took seat 0 over before the announcement: only seat 1 is freed.
  await held(taken('b3', [0], tier.tier_id))
  await fixture.deliver('booking.expired', performance_id, {
    performance_id,
    bookings: [taken('b1', [1], tier.tier_id)],
  })
  await fixture.deliver('booking.seats_blocked', performance_id, {
    performance_id,
    block_id: 'blk',
    seats: [5],
    places: [],
  })
  expect(await seats(performance_id)).toMatchObject({
    version: 6,
    seats: { 'A-1': 'held', 'A-3': 'sold', 'A-6': 'blocked' },
    tiers: { [tier.tier_id]: { available: 3, held: 1, sold: 1 } },
  })
  const availability = await fixture.call('GET', `/api/v1/events/${event_id}/availability`)
  expect(availability.body).toMatchObject({
    event_id,
    performances: [{ performance_id, total: 6, sold: 1, held: 1, available: 3 }],
  })
})

test('general admission counts, also for a late payment', async () => {
  const tier = standing()
  const { performance_id } = await publish([tier])
  const places = [{ tier_id: tier.tier_id, quantity: 4 }]
  const counts = async () => (await seats(performance_id)).tiers[tier.tier_id]
  await fixture.deliver('booking.held', performance_id, {
    performance_id,
    expires_at: '',
    bookings: [taken('b1', [], '', places)],
  })
  expect(await counts()).toEqual({ available: 96, held: 4, sold: 0 })
  await fixture.deliver('booking.expired', performance_id, { performance_id, bookings: [taken('b1', [], '', places)] })
  await fixture.deliver('booking.confirmed', performance_id, {
    booking_id: 'b1',
    seats: [],
    seat_tiers: [],
    places,
    retaken: true,
  })
  expect(await counts()).toEqual({ available: 96, held: 0, sold: 4 })
  await fixture.deliver('booking.cancelled', performance_id, { booking_id: 'b1', seats: [], seat_tiers: [], places })
  expect(await counts()).toEqual({ available: 100, held: 0, sold: 0 })
})

test('ETag is the version: 304 until something changes; the binary form says the same', async () => {
  const tier = adult()
  const { performance_id } = await publish([tier])
  const url = `/api/v1/performances/${performance_id}/seats`
  const first = await fixture.call('GET', url)
  expect(first.headers.etag).toBe('"0-1"')
  expect((await fixture.call('GET', url, { headers: { 'if-none-match': '"0-1"' } })).status).toBe(304)
  await fixture.deliver('booking.held', performance_id, {
    performance_id,
    expires_at: '',
    bookings: [taken('b1', [4], tier.tier_id)],
  })
  await fixture.deps.views.refresh(performance_id)
  expect((await fixture.call('GET', url, { headers: { 'if-none-match': '"0-1"' } })).status).toBe(200)
  const binary = await fixture.call('GET', url, { headers: { accept: 'application/vnd.tessera.seats' } })
  const states = decodeSeatStates(new Uint8Array(binary.raw))
  expect(states?.version).toBe(1)
  expect(states && seatStateAt(states, 4)).toBe('held')
})

test('an unknown or unpublished performance is 404, on every address', async () => {
  for (const url of ['/seats', '/seats/stream'])
    expect((await fixture.call('GET', `/api/v1/performances/${newId('perf')}${url}`)).status).toBe(404)
  expect((await fixture.call('GET', `/api/v1/events/${newId('evt')}/availability`)).status).toBe(404)
})

/** Reads a stream until `until` says that enough has come. */
async function read(performance_id: string, last: string | null, until: (text: string) => boolean): Promise<string> {
  const controller = new AbortController()
  const response = await fetch(`${origin}/api/v1/performances/${performance_id}/seats/stream`, {
    headers: last === null ? {} : { 'last-event-id': last },
    signal: controller.signal,
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk)
    if (until(text)) break
  }
  controller.abort()
  return text
}

test('a stream begins at the version, brings changes, resumes missed ones as one delta, and resets when they are gone', async () => {
  const tier = adult()
  const { performance_id, event_id } = await publish([tier])
  const hold = (booking_id: string, seat: number) =>
    fixture.deliver('booking.held', performance_id, {
      performance_id,
      expires_at: '',
      bookings: [taken(booking_id, [seat], tier.tier_id)],
    })
  const live = read(performance_id, '', (text) => text.includes('"A-1":"held"'))
  await expect.poll(() => fixture.deps.hub.readers()).toBe(1)
  await hold('b1', 0)
  const text = await live
  expect(text).toContain('retry: ')
  expect(text).toContain('event: seats\nid: 1\ndata: {"version":1,"previous":0,"changes":{"A-1":"held"}}')
  await hold('b2', 1)
  await hold('b3', 2)
  await fixture.deps.views.refresh(performance_id)
  expect(await read(performance_id, '1', (got) => got.includes('id: 3'))).toContain(
    'data: {"version":3,"previous":1,"changes":{"A-2":"held","A-3":"held"}}',
  )
  await trimChanges(fixture.db, new Date(Date.now() + 3_600_000).toISOString())
  // Trimmed changes are sent while the view lives; a view loaded later does not have them.
  expect(await read(performance_id, '1', (got) => got.includes('id: 3'))).toContain('"previous":1')
  fixture.deps.views.forget(performance_id, event_id)
  expect(await read(performance_id, '1', (got) => got.includes('event: reset'))).toContain('event: reset')
  for (const last of ['999', 'abc', '-1', '1e3', '99999999999999999999'])
    expect(await read(performance_id, last, (got) => /^event: /m.test(got)), last).toContain('event: reset')
})

/** Every seat frame of the stream; a reader that only applies them, in the order in which they come. */
async function follow(performance_id: string, enough: (states: Record<string, string>) => boolean) {
  const states: Record<string, string> = {}
  const frames: { version: number; previous: number }[] = []
  let text = ''
  await read(performance_id, null, (got) => {
    for (const block of got.slice(text.length).split('\n\n')) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (!block.startsWith('event: seats') || data === undefined) continue
      const frame = JSON.parse(data) as { version: number; previous: number; changes: Record<string, string> }
      frames.push(frame)
      Object.assign(states, frame.changes)
    }
    text = got
    return enough(states)
  })
  return { states, frames }
}

test('a view that is dropped while a change waits to be sent loses no reader the change', async () => {
  const tier = adult()
  const { performance_id, event_id } = await publish([tier])
  await expect.poll(() => fixture.deps.hub.readers()).toBe(0)
  const following = follow(performance_id, (states) => states['A-6'] === 'held')
  await expect.poll(() => fixture.deps.hub.readers()).toBe(1)
  for (let seat = 0; seat < 6; seat++) {
    await fixture.deliver('booking.held', performance_id, {
      performance_id,
      expires_at: '',
      bookings: [taken(`b${seat}`, [seat], tier.tier_id)],
    })
    // Published again at once: the view is reloaded with the change that the hub was about to send.
    fixture.deps.signals.send('realtime.learnt', { performance_id, event_id })
    await fixture.deps.views.get(performance_id)
  }
  const { states, frames } = await following
  expect(states).toEqual(Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`A-${n}`, 'held'])))
  for (const [i, frame] of frames.entries()) if (i > 0) expect(frame.previous).toBe(frames[i - 1]?.version)
})

test('readers that resume cost no query, whatever they missed; a view never answers beyond its exact history', async () => {
  const tier = adult()
  const { performance_id } = await publish([tier])
  for (const seat of [0, 1, 2, 1])
    await fixture.deliver(seat === 1 ? 'booking.expired' : 'booking.held', performance_id, {
      performance_id,
      expires_at: '',
      bookings: [taken(`b${seat}`, [seat], tier.tier_id)],
    })
  let queries = 0
  const counted =
    <Result>(query: (...args: never[]) => Result) =>
    (...args: never[]): Result => {
      queries++
      return query(...args)
    }
  const db = { ...fixture.db, maybe: counted(fixture.db.maybe), many: counted(fixture.db.many) } as typeof fixture.db
  const views = new Views(db, fixture.deps.rpc.catalog)
  const view = await views.get(performance_id)
  if (view === undefined) throw new Error('The performance was published')
  const to_load = queries
  for (let n = 0; n < 1_000; n++) changesSince(view, n % 4)
  expect(changesSince(view, 1)?.seats).toEqual(new Map([[2, 'held']]))
  expect(changesSince(view, 4)?.seats).toEqual(new Map())
  expect(changesSince(view, 5)).toBeUndefined()
  expect(queries).toBe(to_load)
  await fixture.owner.query('delete from realtime.seat_changes where performance_id = $1 and version = 3', [
    performance_id,
  ])
  const reloaded = await new Views(fixture.db, fixture.deps.rpc.catalog).get(performance_id)
  expect(reloaded && changesSince(reloaded, 3)).toBeUndefined()
  expect(reloaded && changesSince(reloaded, 4)?.seats).toEqual(new Map())
})

test('events that are projected together make one version each, so a replay ends with the same versions', async () => {
  const tier = adult()
  const { performance_id } = await publish([tier])
  const consumer = consumers(fixture.deps).find((one) => one.name === 'realtime.project')
  const events = [0, 1, 2].map((seat) => ({
    event_id: crypto.randomUUID(),
    topic: 'booking.held',
    key: performance_id,
    occurred_at: '2026-01-01T00:00:00.000Z',
    traceparent: null,
    payload: { performance_id, expires_at: '', bookings: [taken(`b${seat}`, [seat], tier.tier_id)] },
  }))
  const changes = () =>
    fixture.owner.query(
      'select version, changes, at from realtime.seat_changes where performance_id = $1 order by version',
      [performance_id],
    )
  await fixture.db.transaction(async (tx) => consumer?.handleAll?.(tx, events))
  const together = await changes()
  expect(together).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3, changes: { 2: 'held' } }])
  await fixture.owner.query('delete from realtime.seat_states where performance_id = $1', [performance_id])
  await fixture.owner.query('delete from realtime.seat_changes where performance_id = $1', [performance_id])
  await fixture.db.transaction(async (tx) => {
    for (const event of events) await consumer?.handle(tx, event)
  })
  expect(await changes()).toEqual(together)
})

test('a new revision changes the tag although no seat changed; a cancellation holds in either order of events', async () => {
  const tier = standing()
  const facts = await publish([tier])
  const url = `/api/v1/performances/${facts.performance_id}/seats`
  const etag = (await fixture.call('GET', url)).headers.etag ?? ''
  const edited = { ...facts, revision: 2, tiers: [{ ...tier, quantity: 150 }] }
  await fixture.deliver('catalog.performance_published', facts.performance_id, edited)
  const answer = await fixture.call('GET', url, { headers: { 'if-none-match': etag } })
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ tiers: { [tier.tier_id]: { available: 150 } } })

  const later = { ...facts, performance_id: newId('perf'), event_id: newId('evt') }
  const { event_id, organization_id, performance_id } = later
  const cancelled = { event_id, organization_id, performance_ids: [performance_id] }
  await fixture.deliver('catalog.event_cancelled', event_id, cancelled)
  await fixture.deliver('catalog.performance_published', performance_id, later)
  const availability = await fixture.call('GET', `/api/v1/events/${event_id}/availability`)
  expect(availability.body).toMatchObject({ performances: [{ status: 'cancelled' }] })
})

test('a hundred unknown events cost one query, then none for a second, and a published one is found at once', async () => {
  let queries = 0
  const { db } = fixture.deps
  const many: typeof db.many = (...args) => {
    queries++
    return db.many(...args)
  }
  const views = new Views({ ...db, many }, fixture.deps.rpc.catalog)
  const unknown = Array.from({ length: 100 }, () => newId('evt'))
  expect([...(await views.ofEvents([...unknown, 'no id']))]).toEqual([])
  expect([...(await views.ofEvents(unknown))]).toEqual([])
  expect(queries).toBe(1)
  const { event_id, performance_id } = await publish([adult()])
  expect([...(await views.ofEvents([...unknown, event_id]))]).toEqual([[event_id, [performance_id]]])
  expect(queries).toBe(2)
})
