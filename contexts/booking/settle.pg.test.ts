import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { announceExpired } from './expire.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const holder = { first_name: 'Meera', last_name: 'Joshi', email: 'meera@example.test' }

async function held(performance_id: string, seat_ids: string[], user = newId('usr')): Promise<string> {
  const answer = await holdAs(fixture, { performance_id, seat_ids }, { user })
  expect(answer.status).toBe(201)
  return (answer.body as { booking_id: string }).booking_id
}

/** Moves the hold's expiry, in its claims and its row, into the past. */
async function lapse(booking_id: string): Promise<void> {
  await fixture.owner.query(`update booking.bookings set expires_at = now() - interval '1 s' where booking_id = $1`, [
    booking_id,
  ])
  await fixture.owner.query(`update booking.seat_claims set expires_at = now() - interval '1 s' where holder_id = $1`, [
    booking_id,
  ])
  await fixture.owner.query(`update booking.quota_holds set expires_at = now() - interval '1 s' where holder_id = $1`, [
    booking_id,
  ])
  fixture.deps.availability.forget()
}

const pay = (booking_id: string, amount: number, payment_id = newId('pay')) =>
  rpc(fixture.deps).settle_paid({ booking_id, payment_id, amount: money(amount, 'EUR'), holder })

async function statusOf(booking_id: string): Promise<string | undefined> {
  const [row] = await fixture.owner.query<{ status: string }>(
    'select status from booking.bookings where booking_id = $1',
    [booking_id],
  )
  return row?.status
}

test('a payment confirms its booking once; repeating it changes nothing; a second payment is to be refunded', async () => {
  const { performance_id } = await fixture.open(performance())
  const booking_id = await held(performance_id, ['A-1', 'A-2'])
  const payment_id = newId('pay')
  expect(await pay(booking_id, 5_000, payment_id)).toMatchObject({ kind: 'confirmed', tickets_issued: true })
  expect(await pay(booking_id, 5_000, payment_id)).toMatchObject({ kind: 'already-confirmed' })
  expect(await pay(booking_id, 5_000)).toMatchObject({ kind: 'paid-otherwise' })
  const confirmed = (await fixture.published('booking.confirmed')).filter(
    (event) => (event.payload as { booking_id: string }).booking_id === booking_id,
  )
  expect(confirmed).toHaveLength(1)
  expect(confirmed[0]?.payload).toMatchObject({ seats: [0, 1], holder, retaken: false, total: money(5_000, 'EUR') })
})

test('more concurrent settlements than connections, with an empty cache', async () => {
  const { performance_id } = await fixture.open(performance())
  const [row] = await fixture.owner.query<{ seat_ids: string[] }>(
    `select array_agg(seat ->> 'id') as seat_ids from booking.charts c, json_array_elements(c.chart -> 'seats') seat`,
  )
  const seat_ids = row?.seat_ids.slice(0, 40) ?? []
  const bookings = await Promise.all(seat_ids.map((seat_id) => held(performance_id, [seat_id])))
  expect(bookings.length).toBeGreaterThan(16)
  fixture.deps.on_sale.forget(performance_id)
  const outcomes = await Promise.all(bookings.map((booking_id) => pay(booking_id, 2_500)))
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(bookings.map(() => 'confirmed'))
})

test('the wrong amount or currency confirms nothing', async () => {
  const { performance_id } = await fixture.open(performance())
  const booking_id = await held(performance_id, ['A-1'])
  expect(await pay(booking_id, 100)).toMatchObject({ kind: 'amount-mismatch' })
  const dollars = await rpc(fixture.deps).settle_paid({
    booking_id,
    payment_id: newId('pay'),
    amount: money(2_500, 'USD'),
    holder,
  })
  expect(dollars.kind).toBe('amount-mismatch')
  expect(await statusOf(booking_id)).toBe('held')
  expect(await pay(newId('bk'), 2_500)).toMatchObject({ kind: 'unknown-booking' })
})

test('a late payment takes the same seats again when they are free, before and after the announcement', async () => {
  const { performance_id } = await fixture.open(performance())
  const quiet = await held(performance_id, ['A-1'])
  await lapse(quiet)
  expect(await pay(quiet, 2_500)).toMatchObject({ kind: 'confirmed' })
  const announced = await held(performance_id, ['A-2'])
  await lapse(announced)
  await announceExpired(fixture.deps, null)
  expect(await statusOf(announced)).toBe('expired')
  expect(await pay(announced, 2_500)).toMatchObject({ kind: 'confirmed' })
  const log = await fixture.owner.query<{ step: string }>(
    `select from_status || '>' || to_status as step from booking.booking_log where booking_id = any ($1) order by log_id`,
    [[quiet, announced]],
  )
  expect(log.map((row) => row.step)).toEqual(['held>expired', 'expired>confirmed', 'held>expired', 'expired>confirmed'])
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-2'] })).status).toBe(409)
})

test('a late payment whose seats were taken by another buyer is to be refunded; the other booking is unchanged', async () => {
  const { performance_id } = await fixture.open(performance())
  const late = await held(performance_id, ['B-1', 'B-2'])
  await lapse(late)
  const next = await held(performance_id, ['B-2', 'B-3'])
  expect(await pay(late, 5_000)).toMatchObject({ kind: 'seats-gone', reason: 'taken' })
  expect(await pay(next, 5_000)).toMatchObject({ kind: 'confirmed' })
  const claims = await fixture.owner.query<{ seat: number; holder_id: string }>(
    `select c.seat, c.holder_id from booking.seat_claims c join booking.performances p using (performance_no)
     where p.performance_id = $1 and c.expires_at = 'infinity' order by c.seat`,
    [performance_id],
  )
  expect(claims).toEqual([
    { seat: 21, holder_id: next },
    { seat: 22, holder_id: next },
  ])
})

test('general admission: paid quantities move from held to sold; a late payment is confirmed only if enough is left', async () => {
  const standing = tier({ categories: null, quantity: 4, max_per_order: 4 })
  const { performance_id } = await fixture.open(performance({ chart_id: null, tiers: [standing] }))
  const take = async (quantity: number): Promise<string> => {
    const answer = await holdAs(fixture, { performance_id, items: [{ tier_id: standing.tier_id, quantity }] })
    expect(answer.status).toBe(201)
    return (answer.body as { booking_id: string }).booking_id
  }
  const counts = async () =>
    (
      await fixture.owner.query<{ held: number; sold: number }>(
        'select held, sold from booking.quotas c join booking.tiers t using (tier_no) where t.tier_id = $1',
        [standing.tier_id],
      )
    )[0]
  const first = await take(2)
  expect(await pay(first, 5_000)).toMatchObject({ kind: 'confirmed' })
  expect(await counts()).toEqual({ held: 0, sold: 2 })
  const late = await take(2)
  await lapse(late)
  const other = await take(2)
  expect(await pay(late, 5_000)).toMatchObject({ kind: 'seats-gone', reason: 'taken' })
  await lapse(other)
  expect(await pay(late, 5_000)).toMatchObject({ kind: 'confirmed' })
  expect(await counts()).toEqual({ held: 0, sold: 4 })
})

test('a late payment never exceeds the limit per person: it is refunded, permanently', async () => {
  const members = tier({ name: 'Members', max_per_person: 2 })
  const standing = tier({ name: 'Standing', categories: null, quantity: 50, max_per_person: 2 })
  const { performance_id } = await fixture.open(performance({ tiers: [members, standing] }))
  const user = newId('usr')
  const late = await held(performance_id, ['A-1', 'A-2'], user)
  await lapse(late)
  const stand = async (): Promise<string> => {
    const items = [{ tier_id: standing.tier_id, quantity: 2 }]
    const answer = await holdAs(fixture, { performance_id, items }, { user })
    expect(answer.status).toBe(201)
    return (answer.body as { booking_id: string }).booking_id
  }
  const late_standing = await stand()
  await lapse(late_standing)
  const again = await held(performance_id, ['B-1', 'B-2'], user)
  const again_standing = await stand()
  const payment_id = newId('pay')
  expect(await pay(late, 5_000, payment_id)).toMatchObject({ kind: 'seats-gone', reason: 'person_limit' })
  expect(await pay(late_standing, 5_000)).toMatchObject({ kind: 'seats-gone', reason: 'person_limit' })
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })).status).toBe(201)
  expect(await pay(again_standing, 5_000)).toMatchObject({ kind: 'confirmed' })
  // Control: with nothing else held, another late payment of the person is confirmed; the refused one stays refused.
  await lapse(again)
  expect(await pay(late, 5_000, payment_id)).toMatchObject({ kind: 'seats-gone', reason: 'person_limit' })
  expect(await pay(again, 5_000)).toMatchObject({ kind: 'confirmed' })
})

test('late payments of one person at once stay within the limit', async () => {
  const members = tier({ name: 'Members', max_per_person: 2 })
  const { performance_id } = await fixture.open(performance({ tiers: [members] }))
  const user = newId('usr')
  const bookings: string[] = []
  for (let seat = 1; seat <= 12; seat++) {
    const booking_id = await held(performance_id, [`E-${seat}`], user)
    await lapse(booking_id)
    bookings.push(booking_id)
  }
  const outcomes = await Promise.all(bookings.map((booking_id) => pay(booking_id, 2_500)))
  expect(outcomes.filter(({ kind }) => kind === 'confirmed')).toHaveLength(2)
  expect(outcomes.filter(({ kind }) => kind === 'seats-gone')).toHaveLength(10)
})

test('nothing is sold after the end of the performance, neither a live hold nor a late one', async () => {
  const { performance_id } = await fixture.open(performance())
  const alive = await held(performance_id, ['A-1'])
  const late = await held(performance_id, ['A-2'])
  await lapse(late)
  const in_time = await held(performance_id, ['A-3'])
  expect(await pay(in_time, 2_500)).toMatchObject({ kind: 'confirmed' })
  const end = (time: string) =>
    fixture.owner.query(`update booking.performances set end_time = ${time} where performance_id = $1`, [
      performance_id,
    ])
  await end('clock_timestamp()')
  const payment_id = newId('pay')
  expect(await pay(alive, 2_500, payment_id)).toMatchObject({ kind: 'seats-gone' })
  expect(await pay(late, 2_500)).toMatchObject({ kind: 'seats-gone' })
  // The verdict stands when the performance is extended; a payment that was never refused is confirmed.
  await end(`'2089-01-01T22:00:00Z'`)
  expect(await pay(alive, 2_500, payment_id)).toMatchObject({ kind: 'seats-gone' })
  expect(await pay(alive, 2_500)).toMatchObject({ kind: 'confirmed' })
})

test('a sweep and a payment at the same moment have exactly one outcome, and the seats follow it', async () => {
  const { performance_id } = await fixture.open(performance())
  const seats = Array.from({ length: 20 }, (_, i) => `C-${i + 1}`)
  const bookings = await Promise.all(seats.map((seat) => held(performance_id, [seat])))
  for (const booking_id of bookings) await lapse(booking_id)
  const [outcomes] = await Promise.all([
    Promise.all(bookings.map((booking_id) => pay(booking_id, 2_500))),
    announceExpired(fixture.deps, null),
    announceExpired(fixture.deps, null),
    announceExpired(fixture.deps, null),
  ])
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(Array(20).fill('confirmed'))
  for (const booking_id of bookings) expect(await statusOf(booking_id)).toBe('confirmed')
})

test('a released booking is not confirmed by a payment', async () => {
  const { performance_id } = await fixture.open(performance())
  const user = newId('usr')
  const booking_id = await held(performance_id, ['D-1'], user)
  const released = await fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
  expect(released.body).toEqual({ id: booking_id, status: 'released', refund: money(0, 'EUR') })
  expect(await pay(booking_id, 2_500)).toMatchObject({ kind: 'seats-gone' })
  expect((await holdAs(fixture, { performance_id, seat_ids: ['D-1'] })).status).toBe(201)
})

test('a confirmation’s key returns its stored answer and is bound to its body; a refusal binds nothing', async () => {
  const free = tier({ price: money(0, 'EUR') })
  const { performance_id } = await fixture.open(performance({ tiers: [free] }))
  const user = newId('usr')
  const [first, second] = [await held(performance_id, ['A-1'], user), await held(performance_id, ['A-2'], user)]
  const confirm = (key: string, booking_id: string) =>
    fixture.call('POST', '/api/v1/bookings/confirm', {
      as: asPrincipal(user),
      headers: { 'idempotency-key': key },
      body: { booking_id },
    })
  const answer = await confirm('k', first)
  expect(answer.status).toBe(200)
  const again = await confirm('k', first)
  expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, answer.body, 'true'])
  const other = await confirm('k', second)
  expect([other.status, other.body]).toMatchObject([422, { type: '/problems/idempotency-mismatch' }])
  expect(await statusOf(second)).toBe('held')
  expect((await confirm('unknown', newId('bk'))).status).toBe(404)
  const freed = await Promise.all(Array.from({ length: 8 }, () => confirm('unknown', second)))
  expect(freed.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect(new Set(freed.map(({ body }) => JSON.stringify(body))).size).toBe(1)
})

test('a booking that costs nothing is confirmed without a payment; one that costs is not', async () => {
  const free = tier({ price: money(0, 'EUR') })
  const { performance_id } = await fixture.open(performance({ tiers: [free] }))
  const user = newId('usr')
  const booking_id = await held(performance_id, ['A-1'], user)
  const confirm = (id: string, as = user) =>
    fixture.call('POST', '/api/v1/bookings/confirm', {
      as: asPrincipal(as),
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { booking_id: id },
    })
  expect((await confirm(booking_id, newId('usr'))).status).toBe(404)
  const answer = await confirm(booking_id)
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ id: booking_id, status: 'confirmed' })
  expect((await confirm(booking_id)).status).toBe(200)
  const { performance_id: priced } = await fixture.open(performance())
  const unpaid = await held(priced, ['A-1'], user)
  expect((await confirm(unpaid)).status).toBe(402)
  await lapse(unpaid)
  expect((await confirm(unpaid)).status).toBe(410)
})
