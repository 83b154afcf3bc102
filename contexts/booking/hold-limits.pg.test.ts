import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rateLimitSourcesOf } from '#platform/http'
import { asPrincipal } from '#platform/testing'
import { type Fixture, hall, holdAs, openFixture, performance } from './fixture.ts'
import { HoldLimits } from './hold-limits.ts'
import { rpc } from './rpc.ts'

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
  { last: 'confirmed', total: 0, status: 201 },
  { last: 'cancelled', total: 2_500, status: 429 },
  { last: 'released', total: 2_500, status: 429 },
])('25 unused holds make their owner wait; the last one $last for $total makes the next a $status', async (booking) => {
  const user = newId('usr')
  await storm(fixture, 25, () => user)
  const past = "update booking.bookings set expires_at = now() - interval '1 second', status = $2 where owner_id = $1"
  await fixture.owner.query(past, [user, 'expired'])
  const { performance_id } = await fixture.open(performance())
  const waiting = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
  // Five beyond the twenty that are tolerated: 30 s, doubled four times.
  expect(waiting.status).toBe(429)
  expect(Math.abs(Number(waiting.headers['retry-after']) - 479)).toBeLessThan(10)
  await fixture.owner.query(
    `update booking.bookings set status = $2, total = $3 where booking_id =
    (select booking_id from booking.bookings where owner_id = $1 order by held_at desc, booking_id desc limit 1)`,
    [user, booking.last, booking.total],
  )
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })).status).toBe(booking.status)
})

test('holds of an event that was cancelled count as nothing', async () => {
  const user = newId('usr')
  await storm(fixture, 25, () => user)
  await fixture.owner.query(
    `with ended as (
      update booking.bookings set expires_at = now() - interval '1 second', status = 'expired' where owner_id = $1
      returning performance_no
    ) update booking.performances set status = 'cancelled' where performance_no in (select performance_no from ended)`,
    [user],
  )
  const { performance_id } = await fixture.open(performance())
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })).status).toBe(201)
})

test('releasing and holding again counts for as long as the seats were kept', async () => {
  /** Holds a seat and releases it after this share of the hold's life, at most 60 times; how often it was held. */
  const heldFor = async (share: number): Promise<number> => {
    const user = newId('usr')
    const { performance_id } = await fixture.open(performance())
    for (let n = 0; n < 60; n++) {
      const held = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
      if (held.status !== 201) return n
      const { booking_id } = held.body as { booking_id: string }
      await fixture.owner.query(
        `update booking.bookings set held_at = held_at - $2 * (expires_at - held_at),
           expires_at = expires_at - $2 * (expires_at - held_at) where booking_id = $1`,
        [booking_id, share],
      )
      const released = await fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
      expect(released.body).toMatchObject({ status: 'released' })
    }
    return 60
  }
  expect(await heldFor(0.1)).toBe(60)
  // More than twenty lives, to which each request adds its own time.
  for (const share of [0.4, 0.6]) {
    const lives = (await heldFor(share)) * share
    expect(lives).toBeGreaterThan(19)
    expect(lives).toBeLessThan(21)
  }
})

type History = {
  status: 'confirmed' | 'expired' | 'released' | 'cancelled'
  /** When it was released or cancelled. */
  after_s?: number
  total?: number
}

/** Writes down the holds of one performance, won one every `every_ms` until a life ago. */
async function write(holds: readonly History[], every_ms = 0): Promise<{ booking_id: string; held_at_ms: number }[]> {
  const { performance_id } = await fixture.open(performance())
  const last_ms = Date.now() - 300_000
  const written = holds.map((hold, n) => ({
    booking_id: newId('bk'),
    held_at_ms: last_ms - (holds.length - 1 - n) * every_ms,
    status: hold.status,
    after_s: hold.after_s ?? 0,
    total: hold.total ?? 2_500,
  }))
  await fixture.owner.query(
    `with hold as (
      select h.*, to_timestamp(h.held_at_ms / 1000.0) as held_at
      from json_to_recordset($2) as h (booking_id text, held_at_ms float8, status text, after_s float8, total bigint)
    ), logged as (
      insert into booking.booking_log (booking_id, from_status, to_status, actor, at)
      select booking_id, case status when 'released' then 'held' else 'confirmed' end, status, booking_id,
        held_at + make_interval(secs => after_s)
      from hold where status in ('released', 'cancelled')
    )
    insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
      line_quantities, line_prices, total, held_at, expires_at, status)
    select h.booking_id, p.performance_no, h.booking_id, 'key', 'hash', '{0}', '{1}', '{1}', '{0}', h.total, h.held_at,
      h.held_at + interval '300 s', h.status
    from booking.performances p, hold h where p.performance_id = $1`,
    [performance_id, JSON.stringify(written)],
  )
  return written
}

/** Requests these holds one after the other at the times they were won, each as a new guest; how many were admitted. */
async function admitted(
  holds: readonly { booking_id: string; held_at_ms: number }[],
  addressOf: (n: number) => string = () => '203.0.113.1',
): Promise<number> {
  let now_ms = 0
  const limits = new HoldLimits({ db: fixture.db, hold_seconds: 300, now_ms: () => now_ms })
  for (const [n, { booking_id, held_at_ms }] of holds.entries()) {
    now_ms = held_at_ms
    const pass = await limits.enter(newId('usr'), rateLimitSourcesOf(addressOf(n)))
    if (pass.kind === 'refused') return n
    pass.leave({ booking_id, ends_at_ms: held_at_ms + 300_000 })
  }
  return holds.length
}

const repeat = (count: number, ...holds: History[]): History[] => Array.from({ length: count }, () => holds).flat()

test('a free sale of 5,000 tickets at one address, of whose holds one in five is bought, is never refused', async () => {
  const FREE = { total: 0 } as const
  const buyers = (status: History['status']): History[] =>
    repeat(2_500, { status: 'expired', ...FREE }, { status, ...FREE }, ...repeat(3, { status: 'expired', ...FREE }))
  expect(await admitted(await write(buyers('confirmed'), 200))).toBe(12_500)
  // Control: the same visitors, who buy nothing.
  expect(await admitted(await write(buyers('expired'), 200))).toBeLessThan(2_000)
})

test.each([
  ['one IPv4 address', 200, () => '203.0.113.1'],
  ['one IPv6 /64', 200, (n: number) => `2001:db8::${(n + 1).toString(16)}`],
  ['one IPv6 /48', 3_200, (n: number) => `2001:db8:0:${n.toString(16)}::1`],
] as const)('guests of %s keep seats for %i lives, in whatever pieces', async (_what, lives, addressOf) => {
  for (const [status, share, after_s] of [
    ['expired', 1, 300],
    ['released', 0.4, 120],
    ['cancelled', 0.4, 120],
  ] as const) {
    const enough = Math.ceil((1.5 * lives) / share)
    // Those that are open when the first ones are refused count later.
    const won = await admitted(await write(repeat(enough, { status, after_s }), 3_600_000 / enough), addressOf)
    expect(won).toBeGreaterThan(lives / share)
    expect(won).toBeLessThan((1.4 * lives) / share)
  }
})

test('holds that are released at once count a twentieth each', async () => {
  const won = await admitted(await write(repeat(6_000, { status: 'released' }), 500))
  expect(won).toBeGreaterThan(4_000)
  expect(won).toBeLessThan(5_000)
})

/** A source whose visitors may leave three lives unused, and a clock by which it can be read again at each request. */
function small(open_max = 100) {
  let now_ms = Date.now()
  const source = { open_max, unused_free: 3, unused_step: 1 }
  const limits = new HoldLimits({ db: fixture.db, hold_seconds: 300, source, sources_max: 50, now_ms: () => now_ms })
  const enter = (from = 'a', owner = newId('usr')) => {
    if (from === 'a') now_ms += 2_000
    return limits.enter(owner, [{ source: from, quotas: 1 }])
  }
  return {
    enter,
    /** Wins these holds at the source, which are judged by the next request only. */
    async win(holds: readonly { booking_id: string }[], ends_in_ms = 0): Promise<void> {
      const passes = await Promise.all(holds.map(() => enter()))
      for (const [n, pass] of passes.entries()) {
        if (pass.kind === 'refused') throw new Error('refused')
        pass.leave({ booking_id: holds[n]?.booking_id ?? '', ends_at_ms: now_ms + ends_in_ms })
      }
    },
  }
}

test.each([
  ['stands', 'admitted'],
  ['is cancelled with a full refund', 'refused'],
] as const)(
  'a purchase makes up for four unused holds of its source; when it %s, the next is %s',
  async (end, kind) => {
    const user = newId('usr')
    const { performance_id } = await fixture.open(performance({ refund_policy: [{ hours_before: 0, percent: 100 }] }))
    const held = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
    const { booking_id } = held.body as { booking_id: string }
    const source = small()
    await source.win([{ booking_id }, ...(await write(repeat(5, { status: 'expired' })))])
    expect(await source.enter()).toMatchObject({ kind: 'refused', refusal: { because: 'unused' } })
    const holder = { first_name: 'Ada', last_name: 'B', email: 'a@b.test' }
    await rpc(fixture.deps).settle_paid({ booking_id, payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder })
    expect((await source.enter()).kind).toBe('admitted')
    if (end !== 'stands') {
      const cancelled = await fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
      expect(cancelled.body).toMatchObject({ status: 'cancelled' })
    }
    await source.win(await write([...repeat(2, { status: 'expired' }), { status: 'confirmed' }]))
    expect((await source.enter()).kind).toBe(kind)
  },
)

test.each([
  ['free tickets of the same performance', 0, true, 'admitted'],
  ['free tickets of another one', 0, false, 'refused'],
  ['paid tickets of another one', 2_500, false, 'admitted'],
] as const)('seven unused holds and %s: %s', async (_what, total, same, kind) => {
  const unused = repeat(7, { status: 'expired' })
  const bought = repeat(5, { status: 'confirmed', total })
  const source = small()
  await source.win(same ? await write([...unused, ...bought]) : [...(await write(unused)), ...(await write(bought))])
  expect(await source.enter()).toMatchObject({ kind })
})

test('many who ask while a source is read are not admitted beyond its open holds', async () => {
  const source = small(10)
  await source.win(await write(repeat(10, { status: 'released' })), 300_000)
  const passes = await Promise.all(Array.from({ length: 30 }, () => source.enter()))
  expect(passes.filter(({ kind }) => kind === 'admitted')).toHaveLength(10)
})

test('requests that win nothing evict no record, from however many networks they come', async () => {
  const source = small()
  await source.win(await write(repeat(7, { status: 'expired' })))
  expect((await source.enter()).kind).toBe('refused')
  const user = newId('usr')
  await storm(fixture, 51, () => user)
  for (let n = 0; n < 99; n++) {
    // Admitted from memory ten times; by the database then, which knows of fifty open holds.
    const pass = await source.enter(`network ${n}`, user)
    expect(pass.kind).toBe(n < 10 ? 'admitted' : 'refused')
    if (pass.kind === 'admitted') pass.leave({ booking_id: newId('bk'), ends_at_ms: Date.now() })
    const other = await source.enter(`other network ${n}`)
    if (other.kind === 'admitted') other.leave(null)
  }
  expect((await source.enter()).kind).toBe('refused')
})
