import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { announceExpired } from './expire.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { hold } from './hold.ts'
import { close, open } from './open.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const bodyOf = (answer: { body: unknown }): Record<string, unknown> => answer.body as Record<string, unknown>

test('a hold returns its lines, total and expiry, as stored', async () => {
  const { performance_id, tiers } = await fixture.open(performance())
  const answer = await holdAs(fixture, { performance_id, seat_ids: ['A-2', 'A-1'] })
  expect(answer.status).toBe(201)
  const body = bodyOf(answer)
  expect(body).toMatchObject({ status: 'held', total: money(5_000, 'EUR'), currency: 'EUR' })
  expect(body.line_items).toMatchObject([
    { seat_id: 'A-1', tier: { id: tiers[0]?.tier_id }, price: money(2_500, 'EUR') },
    { seat_id: 'A-2' },
  ])
  const left_s = (Date.parse(String(body.hold_expires_at)) - Date.now()) / 1_000
  expect(left_s).toBeGreaterThan(290)
  expect(left_s).toBeLessThanOrEqual(301)
  const [row] = await fixture.owner.query<{ status: string; total: number }>(
    'select status, total from booking.bookings where booking_id = $1',
    [body.booking_id],
  )
  expect(row).toEqual({ status: 'held', total: 5_000 })
})

test('taken seats are 409 with their ids, and nothing is held', async () => {
  const { performance_id } = await fixture.open(performance())
  expect((await holdAs(fixture, { performance_id, seat_ids: ['B-1', 'B-2'] })).status).toBe(201)
  const late = await holdAs(fixture, { performance_id, seat_ids: ['B-2', 'B-3'] })
  expect(late.status).toBe(409)
  expect(bodyOf(late)).toMatchObject({ type: '/problems/seat-unavailable', unavailable: ['B-2'] })
  expect((await holdAs(fixture, { performance_id, seat_ids: ['B-3'] })).status).toBe(201)
})

test('the same key and body answer the same; another body is 422; a refusal binds nothing', async () => {
  const { performance_id } = await fixture.open(performance())
  const user = newId('usr')
  const first = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user, key: 'k1' })
  const again = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user, key: 'k1' })
  expect(again.status).toBe(201)
  expect(again.body).toEqual(first.body)
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-2'] }, { user, key: 'k1' })).status).toBe(422)
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user, key: 'k2' })).status).toBe(409)
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-3'] }, { user, key: 'k2' })).status).toBe(201)
  const stranger = await holdAs(fixture, { performance_id, seat_ids: ['A-4'] }, { key: 'k1' })
  expect(stranger.status).toBe(201)
})

test('twenty concurrent retries of one key make one booking', async () => {
  const { performance_id } = await fixture.open(performance())
  const user = newId('usr')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      holdAs(fixture, { performance_id, seat_ids: ['C-1', 'C-2'] }, { user, key: 'same' }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(201))
  expect(new Set(answers.map((answer) => bodyOf(answer).booking_id)).size).toBe(1)
})

test('a hold whose answer is lost: the retry gets 201 although the cache has the seats as taken, also in another process', async () => {
  const { performance_id } = await fixture.open(performance())
  const user = newId('usr')
  const body = { performance_id, seat_ids: ['D-1'] }
  const first = await holdAs(fixture, body, { user, key: 'lost-answer' })
  const [row] = await fixture.owner.query<{ body_hash: string }>(
    'select body_hash from booking.bookings where owner_id = $1',
    [user],
  )
  // Another process has never seen the key; its availability cache may have the seats as taken.
  const telemetry = createTelemetry({ level: 'fatal', service: 'other' })
  const other = await open({
    ...fixture.deps,
    telemetry,
    config: { ...fixture.deps.config, several_processes: true },
  })
  const sale = await other.on_sale.load(performance_id)
  await other.availability.warm(sale?.performance_no ?? 0, 200)
  expect(
    await hold(other, { owner_id: user, request: { key: 'lost-answer', body_hash: row?.body_hash ?? '' }, body }),
  ).toEqual({
    kind: 'replayed',
    booking: first.body,
  })
  expect(await hold(other, { owner_id: user, request: { key: 'fresh', body_hash: 'another' }, body })).toEqual({
    kind: 'seat-unavailable',
    unavailable: ['D-1'],
    detail: 'Not available: Stalls, row D, seat 1.',
  })
  await close(other)
  expect((await holdAs(fixture, body, { user, key: 'lost-answer' })).body).toEqual(first.body)
})

test('malformed and impossible requests are refused with their reason', async () => {
  const { performance_id, tiers } = await fixture.open(performance({ tiers: [tier({ max_per_order: 4 })] }))
  const status = async (body: unknown): Promise<[number, unknown]> => {
    const answer = await holdAs(fixture, body)
    return [answer.status, bodyOf(answer).type]
  }
  expect(await status({ performance_id, seat_ids: [] })).toEqual([400, '/problems/malformed-request'])
  expect(await status({ performance_id })).toEqual([400, '/problems/malformed-request'])
  expect(
    await status({ performance_id, seat_ids: ['A-1'], items: [{ tier_id: tiers[0]?.tier_id, quantity: 1 }] }),
  ).toEqual([400, '/problems/malformed-request'])
  expect(await status({ performance_id, seat_ids: ['Z-99'] })).toEqual([422, '/problems/unknown-seats'])
  expect(await status({ performance_id, seat_ids: ['A-1', 'A-1'] })).toEqual([422, '/problems/unknown-seats'])
  expect(await status({ performance_id, seat_ids: ['A-1', 'A-2', 'A-3', 'A-4', 'A-5'] })).toEqual([
    422,
    '/problems/limit-exceeded',
  ])
  expect(await status({ performance_id: newId('perf'), seat_ids: ['A-1'] })).toEqual([404, '/problems/not-found'])
  expect(await status({ performance_id, items: [{ tier_id: tiers[0]?.tier_id, quantity: 1 }] })).toEqual([
    422,
    '/problems/unknown-seats',
  ])
  expect(await status({ performance_id, best_available: { tier_id: tiers[0]?.tier_id, quantity: 0 } })).toEqual([
    400,
    '/problems/malformed-request',
  ])
  const closed = await fixture.open(performance({ tiers: [tier({ sale_end: '2021-01-01T00:00:00.000Z' })] }))
  expect(await status({ performance_id: closed.performance_id, seat_ids: ['A-1'] })).toEqual([
    422,
    '/problems/not-on-sale',
  ])
  const early = await fixture.open(performance({ tiers: [tier({ sale_start: '2088-01-01T00:00:00.000Z' })] }))
  expect(await status({ performance_id: early.performance_id, seat_ids: ['A-1'] })).toEqual([
    422,
    '/problems/not-on-sale',
  ])
})

test('a cancelled performance refuses after the form and the seats of a request, and before its limits', async () => {
  const { performance_id, event_id } = await fixture.open(performance({ tiers: [tier({ max_per_order: 1 })] }))
  await fixture.deliver('catalog.event_cancelled', event_id, {
    event_id,
    organization_id: 'org',
    performance_ids: [performance_id],
  })
  const refusal = async (body: object) => bodyOf(await holdAs(fixture, { performance_id, ...body }))
  expect(await refusal({})).toMatchObject({ type: '/problems/malformed-request' })
  expect(await refusal({ seat_ids: ['Z-99'] })).toMatchObject({ type: '/problems/unknown-seats' })
  expect(await refusal({ seat_ids: ['A-1', 'A-2'] })).toMatchObject({
    type: '/problems/not-on-sale',
    detail: 'This performance was cancelled.',
  })
})

test('an expired hold is taken over by the next buyer at once, without any sweep; its later announcement frees nothing of theirs', async () => {
  await using brief = await openFixture({ config: { hold_seconds: 1 } })
  const { performance_id } = await brief.open(performance())
  const first = await holdAs(brief, { performance_id, seat_ids: ['A-1', 'A-2'] })
  expect((await holdAs(brief, { performance_id, seat_ids: ['A-1'] })).status).toBe(409)
  await brief.owner.query('select pg_sleep(1.1)')
  const next = await holdAs(brief, { performance_id, seat_ids: ['A-1'] })
  expect(next.status).toBe(201)
  await announceExpired(brief.deps, null)
  const [expired] = await brief.published('booking.expired')
  expect(expired?.payload).toMatchObject({ bookings: [{ booking_id: bodyOf(first).booking_id, seats: [1] }] })
})

test('a losing request leaves an expired hold unchanged, still to be announced', async () => {
  await using brief = await openFixture({ config: { hold_seconds: 1 } })
  const { performance_id } = await brief.open(performance())
  const old = await holdAs(brief, { performance_id, seat_ids: ['A-1'] })
  await brief.owner.query('select pg_sleep(1.1)')
  expect((await holdAs(brief, { performance_id, seat_ids: ['A-2'] })).status).toBe(201)
  // A-1 is expired, A-2 is taken: the request loses, and A-1 must not vanish with it.
  brief.deps.availability.forget()
  expect((await holdAs(brief, { performance_id, seat_ids: ['A-1', 'A-2'] })).status).toBe(409)
  await announceExpired(brief.deps, null)
  const events = await brief.published('booking.expired')
  expect(events.map((event) => event.payload)).toContainEqual(
    expect.objectContaining({
      bookings: [expect.objectContaining({ booking_id: bodyOf(old).booking_id, seats: [0] })],
    }),
  )
})

test('general admission: exactly the total can be held, and expired quantities are available at once', async () => {
  const places = tier({ categories: null, quantity: 10, max_per_order: 6, name: 'Standing' })
  await using brief = await openFixture({ config: { hold_seconds: 1 } })
  const { performance_id } = await brief.open(performance({ chart_id: null, tiers: [places] }))
  const take = (quantity: number) => holdAs(brief, { performance_id, items: [{ tier_id: places.tier_id, quantity }] })
  const answers = await Promise.all([take(4), take(4), take(4)])
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 201, 409])
  expect(bodyOf(answers.find((answer) => answer.status === 409) ?? answers[0])).toMatchObject({
    unavailable: [places.tier_id],
  })
  expect((await take(7)).status).toBe(422)
  await brief.owner.query('select pg_sleep(1.1)')
  expect((await take(6)).status).toBe(201)
})

test('a limit per person holds across orders, also in parallel', async () => {
  const limited = tier({ max_per_person: 3, max_per_order: 3 })
  const { performance_id } = await fixture.open(performance({ tiers: [limited] }))
  const user = newId('usr')
  const answers = await Promise.all(
    ['E-1', 'E-2', 'E-3', 'E-4', 'E-5', 'E-6'].map((seat) =>
      holdAs(fixture, { performance_id, seat_ids: [seat] }, { user }),
    ),
  )
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3)
  expect(answers.filter((answer) => answer.status === 422)).toHaveLength(3)
})

test('best available gives adjacent seats, and searches again when they are taken meanwhile', async () => {
  const { performance_id, tiers } = await fixture.open(performance())
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      holdAs(fixture, { performance_id, best_available: { tier_id: tiers[0]?.tier_id, quantity: 2 } }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(201))
  const seats = answers.flatMap((answer) =>
    (bodyOf(answer).line_items as { seat_id: string }[]).map((line) => line.seat_id),
  )
  expect(new Set(seats).size).toBe(20)
})

test('promotion codes and queue tokens are refused while unsupported, and nothing is held', async () => {
  const { performance_id } = await fixture.open(performance())
  for (const name of ['promo_code', 'queue_token']) {
    const refused = await holdAs(fixture, { performance_id, seat_ids: ['A-1'], [name]: 'x' })
    expect(refused.status).toBe(422)
    expect(bodyOf(refused)).toMatchObject({ type: '/problems/invalid-input', errors: [{ pointer: `/${name}` }] })
  }
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })).status).toBe(201)
})

test('a refusal names seats and tiers by their labels and reveals nothing about other buyers', async () => {
  const standing = tier({ name: 'Standing', categories: null, quantity: 5, max_per_order: 4 })
  const seated = tier({ name: 'Adult', min_per_order: 2, max_per_order: 3 })
  const { performance_id } = await fixture.open(performance({ tiers: [seated, standing] }))
  const detailOf = async (body: object): Promise<unknown> =>
    bodyOf(await holdAs(fixture, { performance_id, ...body }))['detail']
  const stand = (quantity: number) => ({ items: [{ tier_id: standing.tier_id, quantity }] })
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1', 'A-2'] })).status).toBe(201)
  expect((await holdAs(fixture, { performance_id, ...stand(4) })).status).toBe(201)
  expect(await detailOf({ seat_ids: ['A-2', 'A-3'] })).toBe('Not available: Stalls, row A, seat 2.')
  expect(await detailOf(stand(2))).toBe('There is not enough left of Standing.')
  expect(await detailOf(stand(5))).toBe('One order may take 4 of Standing, this one asks for 5.')
  expect(await detailOf({ seat_ids: ['B-1'] })).toBe('An order of Adult begins at 2.')
})

test('a limit per person counts its own tier only, across orders', async () => {
  const members = tier({ name: 'Members', max_per_person: 2 })
  const standing = tier({ name: 'Standing', categories: null, quantity: 50, max_per_person: 3 })
  const { performance_id } = await fixture.open(performance({ tiers: [members, tier({ name: 'Public' }), standing] }))
  const user = newId('usr')
  const pick = (tier_id: string, ...seat_ids: string[]) =>
    holdAs(fixture, { performance_id, seats: seat_ids.map((seat_id) => ({ seat_id, tier_id })) }, { user })
  const stand = (quantity: number) =>
    holdAs(fixture, { performance_id, items: [{ tier_id: standing.tier_id, quantity }] }, { user })
  const open = (await fixture.deps.on_sale.load(performance_id))?.tiers.find((one) => one.name === 'Public')
  expect((await pick(open?.tier_id ?? '', 'A-1', 'A-2', 'A-3', 'A-4')).status).toBe(201)
  expect((await stand(2)).status).toBe(201)
  expect((await pick(members.tier_id, 'B-1')).status).toBe(201)
  expect((await pick(members.tier_id, 'B-2')).status).toBe(201)
  const beyond = await pick(members.tier_id, 'B-3')
  expect(beyond.status).toBe(422)
  expect(bodyOf(beyond)).toMatchObject({
    type: '/problems/limit-exceeded',
    detail: expect.stringContaining('One person may have 2 of Members'),
  })
  expect((await stand(2)).status).toBe(422)
  expect((await stand(1)).status).toBe(201)
})

test('nothing is sold once the performance is over, even from an outdated copy', async () => {
  const facts = await fixture.open(performance())
  const { performance_id } = facts
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })).status).toBe(201)
  await fixture.owner.query(`update booking.performances set end_time = now() where performance_id = $1`, [
    performance_id,
  ])
  const late = await holdAs(fixture, { performance_id, seat_ids: ['A-2'] })
  expect([late.status, bodyOf(late).type]).toEqual([422, '/problems/not-on-sale'])
  fixture.deps.on_sale.forget(performance_id)
  const known = await holdAs(fixture, { performance_id, seat_ids: ['A-2'] })
  expect(bodyOf(known)).toMatchObject({ type: '/problems/not-on-sale', detail: 'This performance is over.' })
})
