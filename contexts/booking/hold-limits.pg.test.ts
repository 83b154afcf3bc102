import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { type Fixture, hall, holdAs, openFixture, performance } from './fixture.ts'
import { HoldLimits } from './hold-limits.ts'

const LARGE = { charts: { cht_hall: hall(20, 20) } }

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ ...LARGE, config: { rate_limits: true } })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const seat = (n: number): string => `${String.fromCharCode(65 + Math.floor(n / 20))}-${(n % 20) + 1}`

/** Places this many concurrent holds of one seat each; returns their statuses, counted. */
async function storm(as: Fixture, count: number, user: () => string): Promise<Record<number, number>> {
  const { performance_id } = await as.open(performance())
  const answers = await Promise.all(
    Array.from({ length: count }, (_, n) => holdAs(as, { performance_id, seat_ids: [seat(n)] }, { user: user() })),
  )
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

test('one owner has at most 50 open holds, however many are requested at once; releasing one allows another', async () => {
  const user = newId('usr')
  expect(await storm(fixture, 80, () => user)).toEqual({ 201: 50, 429: 30 })
  const { performance_id } = await fixture.open(performance())
  const refused = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
  expect(refused).toMatchObject({ status: 429, body: { type: '/problems/too-many-holds' } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(200)
  const [one] = await fixture.owner.query<{ booking_id: string; idempotency_key: string }>(
    "select booking_id, idempotency_key from booking.bookings where owner_id = $1 and status = 'held' limit 1",
    [user],
  )
  await fixture.owner.query("update booking.bookings set status = 'released' where booking_id = $1", [one?.booking_id])
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })).status).toBe(201)
})

test('a won hold is returned again under its key, also to an owner who may hold no more', async () => {
  const user = newId('usr')
  const { performance_id } = await fixture.open(performance())
  const first = await holdAs(fixture, { performance_id, seat_ids: ['T-1'] }, { user, key: 'mine' })
  await storm(fixture, 60, () => user)
  const again = await holdAs(fixture, { performance_id, seat_ids: ['T-1'] }, { user, key: 'mine' })
  expect([again.status, again.body]).toEqual([201, first.body])
})

test('control: without limits one owner holds all of them, and many owners hold as many with limits', async () => {
  await using free = await openFixture({ ...LARGE, config: { rate_limits: false } })
  const user = newId('usr')
  expect(await storm(free, 80, () => user)).toEqual({ 201: 80 })
  expect(await storm(fixture, 80, () => newId('usr'))).toEqual({ 201: 80 })
})

test.each([
  { last: 'confirmed', total: 2_500, status: 201 },
  { last: 'confirmed', total: 0, status: 429 },
  { last: 'cancelled', total: 2_500, status: 429 },
  { last: 'cancelled with its event', total: 2_500, status: 201 },
])(
  'holds left to expire make their owner wait; a booking for $total that is $last ends the wait or not: $status',
  async ({ last, total, status }) => {
    const user = newId('usr')
    await storm(fixture, 25, () => user)
    const past = "update booking.bookings set expires_at = now() - interval '1 second', status = $2 where owner_id = $1"
    await fixture.owner.query(past, [user, 'expired'])
    const { performance_id } = await fixture.open(performance())
    const waiting = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
    // Five beyond the twenty that are tolerated: 30 s, doubled four times.
    expect(waiting.status).toBe(429)
    expect(Math.abs(Number(waiting.headers['retry-after']) - 479)).toBeLessThan(10)
    const [booking] = await fixture.owner.query<{ booking_id: string }>(
      `update booking.bookings set status = split_part($2, ' ', 1), total = $3 where booking_id =
      (select booking_id from booking.bookings where owner_id = $1 order by held_at desc, booking_id desc limit 1)
      returning booking_id`,
      [user, last, total],
    )
    if (last.startsWith('cancelled'))
      await fixture.owner.query(
        `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
        select 'can_' || $1, $1, $2, 100, 'test'`,
        [booking?.booking_id, last.includes('event') ? 'event-cancelled' : 'buyer'],
      )
    expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })).status).toBe(status)
  },
)

test('releasing and holding again does not keep seats for nothing: a late release counts as leaving it to expire', async () => {
  /** Holds a seat 21 times and releases it after this share of the hold's life; the answer to one more. */
  const keptFor = async (share: number): Promise<number> => {
    const user = newId('usr')
    const { performance_id } = await fixture.open(performance())
    for (let n = 0; n < 21; n++) {
      const held = await holdAs(fixture, { performance_id, seat_ids: [seat(n)] }, { user })
      expect(held.status).toBe(201)
      const { booking_id } = held.body as { booking_id: string }
      await fixture.owner.query(
        `update booking.bookings set held_at = held_at - $2 * (expires_at - held_at),
           expires_at = expires_at - $2 * (expires_at - held_at) where booking_id = $1`,
        [booking_id, share],
      )
      const released = await fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, {
        as: asPrincipal(user),
      })
      expect(released.body).toMatchObject({ status: 'released' })
    }
    return (await holdAs(fixture, { performance_id, seat_ids: [seat(30)] }, { user })).status
  }
  expect([await keptFor(0.4), await keptFor(0.6)]).toEqual([201, 429])
})

test('guests of one address share its limit; other addresses and local ones do not', async () => {
  const limits = new HoldLimits({
    db: fixture.db,
    hold_seconds: 300,
    source: { open_max: 3, abandoned_free: 3, abandoned_step: 1, free_clears: 1 },
  })
  const ends_at_ms = Date.now() + 300_000
  const enter = async (source: string, quotas = 1): Promise<string> => {
    const pass = await limits.enter(newId('usr'), [{ source, quotas }])
    if (pass.kind === 'admitted') pass.leave({ booking_id: newId('bk'), ends_at_ms })
    return pass.kind
  }
  expect([await enter('a'), await enter('a'), await enter('a'), await enter('a')]).toEqual([
    'admitted',
    'admitted',
    'admitted',
    'refused',
  ])
  expect(await enter('b')).toBe('admitted')
  for (let n = 0; n < 5; n++) expect(await enter('local', 100)).toBe('admitted')
})

test('a source whose visitors leave holds to expire waits, until others there have confirmed free bookings', async () => {
  const source = { open_max: 100, abandoned_free: 3, abandoned_step: 1, free_clears: 10 }
  let later_ms = 0
  const now_ms = () => Date.now() + later_ms
  const limits = new HoldLimits({ db: fixture.db, hold_seconds: 300, source, now_ms })
  const { performance_id } = await fixture.open(performance())
  const enter = async (n: number, outcome: 'expired' | 'confirmed'): Promise<string> => {
    later_ms += 2_000
    const pass = await limits.enter(newId('usr'), [{ source: 'a', quotas: 1 }])
    if (pass.kind === 'refused') return pass.kind
    const { booking_id } = (await holdAs(fixture, { performance_id, seat_ids: [seat(n)] })).body as {
      booking_id: string
    }
    const ends_at_ms = now_ms()
    await fixture.owner.query(
      'update booking.bookings set status = $2, total = 0, expires_at = $3 where booking_id = $1',
      [booking_id, outcome, new Date(ends_at_ms)],
    )
    pass.leave({ booking_id, ends_at_ms })
    return pass.kind
  }
  for (let n = 0; n < 4; n++) expect(await enter(n, 'expired')).toBe('admitted')
  expect(await enter(4, 'expired')).toBe('refused')
  later_ms += 300_000
  expect(await enter(5, 'confirmed')).toBe('admitted')
  for (let n = 6; n < 9; n++) expect(await enter(n, 'expired')).toBe('admitted')
})
