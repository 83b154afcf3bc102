import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asPrincipal, violationsOf } from '#platform/testing'
import { cancel } from './cancel.ts'
import { cancelBookings } from './cancel-bookings.ts'
import { sellSeats } from './cancel-event.fixture.ts'
import { cancelEventBookings } from './cancel-event.ts'
import { type Fixture, hall, holdAs, openFixture, performance, tier } from './fixture.ts'
import { invariants } from './invariants.ts'
import { rpc } from './rpc.ts'

/** Refund requests by cancellation; a cancellation is refunded once, as the contract requires. */
const refunds = new Map<string, { booking_id: string; percent: number; asked: number }>()
let payment_fails = 0
/** Bookings whose refund payment cannot promise; `throws` imitates a payment that fails the whole batch for one. */
const unpromisable = { booking_ids: new Set<string>(), throws: false }
let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({
    charts: { cht_large: hall(26, 60) },
    rpc: {
      payment: {
        charge_limits: async () => CHARGE_LIMITS,
        payments_of: async () => [],
        refund_preview: async ({ percent }) => ({ refund: money(25 * percent, 'EUR'), waits_for_dispute: false }),
        refund_booking: async (request) => refund(request),
        refund_bookings: async ({ requests }) => {
          if (payment_fails > 0) {
            payment_fails--
            throw new Error('payment does not answer')
          }
          const bad = requests.filter((request) => unpromisable.booking_ids.has(request.booking_id))
          if (unpromisable.throws && bad.length > 0) throw new Error('one of them fails')
          return requests.map((request) => (bad.includes(request) ? null : refund(request)))
        },
      },
    },
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())
beforeEach(() => refunds.clear())

function refund(request: { booking_id: string; cancellation_id: string; percent: number }) {
  const { booking_id, cancellation_id, percent } = request
  const known = refunds.get(cancellation_id) ?? { booking_id, percent, asked: 0 }
  refunds.set(cancellation_id, { ...known, asked: known.asked + 1 })
  return { refund: money(25 * known.percent, 'EUR'), waits_for_dispute: false }
}

const cancelled = (event_id: string, performance_id: string) =>
  fixture.deliver('catalog.event_cancelled', event_id, {
    event_id,
    organization_id: 'org',
    performance_ids: [performance_id],
  })

async function unfinished(): Promise<number> {
  const [row] = await fixture.owner.query<{ left: number }>(
    'select count(*)::int as left from booking.event_cancellations where finished_at is null',
  )
  return row?.left ?? 0
}

async function expectSound(): Promise<void> {
  expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
}

test('an event cancelled during holds releases them: state, seats, counters, log and events', async () => {
  const standing = tier({ categories: null, quantity: 10, name: 'Standing' })
  const { performance_id, event_id } = await fixture.open(performance({ tiers: [tier(), standing] }))
  const user = newId('usr')
  const seated = (await holdAs(fixture, { performance_id, seat_ids: ['A-1', 'A-2'] }, { user })).body as {
    booking_id: string
  }
  await holdAs(fixture, { performance_id, items: [{ tier_id: standing.tier_id, quantity: 4 }] })
  await cancelled(event_id, performance_id)

  // From the moment the cancellation is recorded, before any job has run.
  const show = () => fixture.call('GET', `/api/v1/bookings/${seated.booking_id}`, { as: asPrincipal(user) })
  expect((await show()).body).toMatchObject({ status: 'released', performance_status: 'cancelled' })
  const listed = async (status: string) =>
    (await fixture.call('GET', `/api/v1/users/me/bookings?status=${status}`, { as: asPrincipal(user) })).body
  expect(await listed('held')).toMatchObject({ items: [] })
  expect(await listed('released')).toMatchObject({ items: [{ id: seated.booking_id, status: 'released' }] })
  const { payable, settle_paid } = rpc(fixture.deps)
  expect(await payable({ booking_id: seated.booking_id })).toMatchObject({ status: 'released', alive: false })
  const paid = { booking_id: seated.booking_id, payment_id: newId('pay'), amount: money(5_000, 'EUR'), holder: null }
  expect((await settle_paid(paid)).kind).toBe('seats-gone')

  await Promise.all([cancelEventBookings(fixture.deps), cancelEventBookings(fixture.deps)])
  expect((await show()).body).toMatchObject({ status: 'released', performance_status: 'cancelled' })
  const [counts] = await fixture.owner.query(
    `select held, sold, blocked,
       (select count(*)::int from booking.seat_claims where holder_id = $1) as claims,
       (select count(*)::int from booking.booking_log where booking_id = $1 and to_status = 'released') as logged
     from booking.quotas join booking.tiers using (tier_no) where tier_id = $2`,
    [seated.booking_id, standing.tier_id],
  )
  expect(counts).toEqual({ held: 0, sold: 0, blocked: 0, claims: 0, logged: 1 })
  const released = (await fixture.published('booking.released')).filter((event) => event.key === performance_id)
  expect(released.flatMap((event) => (event.payload as { bookings: object[] }).bookings)).toHaveLength(2)
  await expectSound()
})

test('bookings are cancelled and refunded once each, although payment fails in between and three runs race', async () => {
  const { performance_id, event_id } = await fixture.open(performance({ chart_id: 'cht_large' }))
  const performance_no = await sellSeats(fixture, performance_id, 1_300)
  await cancelled(event_id, performance_id)
  payment_fails = 2
  const run = () => cancelEventBookings(fixture.deps).catch(() => undefined)
  await Promise.all([run(), run(), run()])
  for (let left = 1; left > 0; left = await unfinished()) await run()
  const [left] = await fixture.owner.query(
    `select count(*) filter (where b.status = 'cancelled')::int as cancelled, count(c.refunded_at)::int as refunded,
       sum(c.refund_amount)::int as total
     from booking.bookings b left join booking.cancellations c using (booking_id) where b.performance_no = $1`,
    [performance_no],
  )
  expect(left).toEqual({ cancelled: 1_300, refunded: 1_300, total: 1_300 * 2_500 })
  expect(refunds.size).toBe(1_300)
  expect(new Set([...refunds.values()].map((one) => one.booking_id)).size).toBe(1_300)
  const [progress] = await fixture.owner.query(
    `select bookings, bookings_cancelled, refunds_requested, refund_total::int, finished_at is not null as finished
     from booking.event_cancellations where performance_no = $1`,
    [performance_no],
  )
  expect(progress).toEqual({
    bookings: 1_300,
    bookings_cancelled: 1_300,
    refunds_requested: 1_300,
    refund_total: 1_300 * 2_500,
    finished: true,
  })
  expect(await fixture.published('booking.cancelled')).toHaveLength(1_300)
  await expectSound()
})

test('a booking whose refund always fails delays no other: it is retried ever later, and counted as open', async () => {
  const { performance_id, event_id } = await fixture.open(performance({ chart_id: 'cht_large' }))
  const performance_no = await sellSeats(fixture, performance_id, 1_100)
  const bad = `bk_${performance_no}_7`
  unpromisable.booking_ids.add(bad)
  await cancelled(event_id, performance_id)
  const cancellation = async () => {
    const [row] = await fixture.owner.query<{ tries: number; wait_s: number; refunded: boolean }>(
      `select tries, extract(epoch from next_try_at - now())::int as wait_s, refunded_at is not null as refunded
       from booking.cancellations where booking_id = $1`,
      [bad],
    )
    return row
  }
  const others = async () => [...refunds.values()].filter((one) => one.booking_id !== bad).length

  // Negative control: a payment that lets one booking fail its batch never gets past the batch that has it.
  unpromisable.throws = true
  for (let run = 0; run < 5; run++) await cancelEventBookings(fixture.deps).catch(() => undefined)
  expect(await others()).toBeLessThan(1_099)
  unpromisable.throws = false

  for (let run = 0; run < 20 && (await others()) < 1_099; run++) await cancelEventBookings(fixture.deps)
  expect(await others()).toBe(1_099)
  expect(await cancellation()).toMatchObject({ tries: 1, refunded: false })
  const waits: number[] = []
  for (let tries = 2; tries <= 4; tries++) {
    await cancelEventBookings(fixture.deps)
    expect(await cancellation()).toMatchObject({ tries: tries - 1 })
    await fixture.owner.query('update booking.cancellations set next_try_at = now() where booking_id = $1', [bad])
    await cancelEventBookings(fixture.deps)
    expect(await cancellation()).toMatchObject({ tries })
    waits.push((await cancellation())?.wait_s ?? 0)
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(await unfinished()).toBe(1)
  unpromisable.booking_ids.clear()
  await fixture.owner.query('update booking.cancellations set next_try_at = now() where booking_id = $1', [bad])
  await cancelEventBookings(fixture.deps)
  expect(await cancellation()).toMatchObject({ refunded: true })
  expect(await unfinished()).toBe(0)
  expect(refunds.size).toBe(1_100)
})

test('a buyer who cancels a booking of a cancelled event is refunded in full, regardless of policy', async () => {
  const { performance_id, event_id } = await fixture.open(performance())
  const { body } = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })
  const { booking_id } = body as { booking_id: string }
  await rpc(fixture.deps).settle_paid({
    booking_id,
    payment_id: newId('pay'),
    amount: money(2_500, 'EUR'),
    holder: null,
  })
  await cancelled(event_id, performance_id)
  expect(await cancel(fixture.deps, { booking_id, actor: 'buyer' })).toEqual({
    kind: 'cancelled',
    refund: money(2_500, 'EUR'),
    waits_for_dispute: false,
  })
  await cancelEventBookings(fixture.deps)
  expect([...refunds.values()]).toEqual([{ booking_id, percent: 100, asked: 1 }])
})

test('an event cancelled while a buyer is cancelling: the refund is full, whichever call frees the seats', async () => {
  for (const batch_first of [true, false]) {
    refunds.clear()
    const { performance_id, event_id } = await fixture.open(performance())
    const { body } = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })
    const { booking_id } = body as { booking_id: string }
    const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null }
    await rpc(fixture.deps).settle_paid({ booking_id, ...payment })
    // The buyer's call has read its intention (50 %) and is waiting for check-in when the event is cancelled.
    const revoke = async () => {
      await cancelled(event_id, performance_id)
      // The event's run cancels the booking, and has not requested the refund yet.
      if (batch_first) await fixture.db.transaction((tx) => cancelBookings(tx, [booking_id]))
      return { kind: 'revoked' as const }
    }
    const checkin = { ...fixture.deps.rpc.checkin, revoke }
    const buyers = { ...fixture.deps, rpc: { ...fixture.deps.rpc, checkin } }
    expect(await cancel(buyers, { booking_id, actor: 'buyer' })).toEqual({
      kind: 'cancelled',
      refund: money(2_500, 'EUR'),
      waits_for_dispute: false,
    })
    expect([...refunds.values()]).toEqual([{ booking_id, percent: 100, asked: 1 }])
    await cancelEventBookings(fixture.deps)
    const terms = 'select reason, refund_percent, refund_amount::int from booking.cancellations where booking_id = $1'
    expect(await fixture.owner.query(terms, [booking_id])).toEqual([
      { reason: 'event-cancelled', refund_percent: 100, refund_amount: 2_500 },
    ])
  }
})

test('a buyer’s cancellation that is withdrawn while the event is cancelled: the booking is cancelled and refunded', async () => {
  const { performance_id, event_id } = await fixture.open(performance())
  const { body } = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })
  const { booking_id } = body as { booking_id: string }
  const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null }
  await rpc(fixture.deps).settle_paid({ booking_id, ...payment })
  // Stops the event's batch between its intentions and its cancellations: there it counts what was sold.
  const counter = await fixture.owner.connect()
  const waits = async () => {
    const [row] = await fixture.owner.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return row?.count
  }
  let batch: Promise<void> | undefined
  const revoke = async () => {
    await cancelled(event_id, performance_id)
    await counter.query('begin')
    await counter.query('lock table booking.tier_sales_changes in share mode')
    batch = cancelEventBookings(fixture.deps)
    await expect.poll(waits).toBe(1)
    return { kind: 'admitted' as const, ticket_ids: ['tkt'] }
  }
  const buyers = {
    ...fixture.deps,
    rpc: { ...fixture.deps.rpc, checkin: { ...fixture.deps.rpc.checkin, revoke } },
  }
  const buyer = cancel(buyers, { booking_id, actor: 'buyer' })
  await expect.poll(waits).toBe(2)
  await counter.query('rollback')
  counter.release()
  expect(await buyer).toMatchObject({ kind: 'cancelled', refund: money(2_500, 'EUR') })
  await batch
  await cancelEventBookings(fixture.deps)
  const [terms] = await fixture.owner.query(
    `select b.status, c.reason, c.refund_percent, c.refund_amount::int
     from booking.bookings b left join booking.cancellations c using (booking_id) where b.booking_id = $1`,
    [booking_id],
  )
  expect(terms).toEqual({ status: 'cancelled', reason: 'event-cancelled', refund_percent: 100, refund_amount: 2_500 })
  await expectSound()
})

test('a booking without a recorded cancellation is not cancelled', async () => {
  const { performance_id } = await fixture.open(performance())
  const { body } = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })
  const { booking_id } = body as { booking_id: string }
  const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null }
  await rpc(fixture.deps).settle_paid({ booking_id, ...payment })
  const cancelling = fixture.db.transaction((tx) => cancelBookings(tx, [booking_id]))
  await expect(cancelling).rejects.toThrow('has 0 cancellations of 1 bookings')
})

test('a performance whose event is cancelled before its publication is delivered is never on sale', async () => {
  const facts = performance()
  const { performance_id, event_id } = facts
  await cancelled(event_id, performance_id)
  await fixture.open(facts)
  await fixture.open({ ...facts, revision: 2 })
  const refused = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })
  expect([refused.status, refused.body]).toMatchObject([422, { type: '/problems/not-on-sale' }])
  const opened = await fixture.published('booking.performance_opened')
  expect(opened.filter(({ payload }) => (payload as { event_id: string }).event_id === event_id)).toEqual([])
  await expectSound()
})

test.each(['before', 'after'])(
  'a publication that is delivered while the cancellation commits (%s) loses',
  async (order) => {
    const facts = performance()
    const { performance_id, event_id } = facts
    const both = [() => fixture.open(facts), () => cancelled(event_id, performance_id)]
    await Promise.all((order === 'before' ? both : both.toReversed()).map((deliver) => deliver()))
    const [row] = await fixture.owner.query<{ status: string }>(
      'select status from booking.performances where performance_id = $1',
      [performance_id],
    )
    expect(row?.status).toBe('cancelled')
  },
)

test('control: without the cancellation on record the same publication opens the sale', async () => {
  const facts = performance()
  await cancelled(facts.event_id, facts.performance_id)
  await fixture.owner.query('delete from booking.cancelled_performances where performance_id = $1', [
    facts.performance_id,
  ])
  await fixture.open(facts)
  expect((await holdAs(fixture, { performance_id: facts.performance_id, seat_ids: ['A-1'] })).status).toBe(201)
})
