import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelEventBookings } from './cancel-event.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { HoldLimits } from './hold-limits.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { myBookings } from './read.ts'
import { eventSales } from './sales.ts'

const OLD_BOOKINGS = 40_000
let fixture: Fixture
let event_id: string

beforeAll(async () => {
  fixture = await openFixture()
  await fixPlans()
  const tonight = performance()
  event_id = tonight.event_id
  await fixture.open(tonight)
  await holdAs(fixture, { performance_id: tonight.performance_id, seat_ids: ['A-1'] })
  await sellLongAgo(OLD_BOOKINGS)
})

afterAll(() => fixture[Symbol.asyncDispose]())

/**
 * Rows read depend on plans, and plans on statistics: PostgreSQL analyzes nothing by itself here, each test does so after it
 * has loaded its rows.
 */
async function fixPlans(): Promise<void> {
  await fixture.owner.query(`do $$
    declare v_table regclass;
    begin
      for v_table in select oid from pg_class where relnamespace = 'booking'::regnamespace and relkind = 'r' loop
        execute format('alter table %s set (autovacuum_enabled = false)', v_table);
      end loop;
    end $$`)
}

/** Bookings of performances that are over. */
async function sellLongAgo(count: number): Promise<void> {
  const { owner } = fixture
  await owner.query(
    `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
       line_quantities, line_prices, total, held_at, expires_at, status)
     select 'bk_0' || n, 1000000 + n / 1000, 'usr_' || n, 'k', 'h', '{0}', '{1}', '{1}', '{2400}', 2400, now() - interval '1 year',
       now() - interval '1 year', case when n % 10 = 0 then 'expired' else 'confirmed' end
     from generate_series(1, $1::int) n`,
    [count],
  )
  await owner.query(
    `insert into booking.booking_log (booking_id, from_status, to_status, actor)
     select 'bk_0' || n, 'held', 'confirmed', 'test' from generate_series(1, $1::int) n`,
    [count],
  )
  await owner.query('vacuum (analyze)')
}

const CONNECTIONS = 16
const OWNER_CONNECTIONS = 4

/** Each connection reports its counters only when told to, also those that loaded the rows. */
async function tellStatistics(): Promise<void> {
  const ask = (db: Fixture['db'], connections: number): Promise<unknown>[] =>
    Array.from({ length: connections }, () => db.query('select pg_stat_force_next_flush(), pg_sleep(0.1)'))
  await Promise.all([...ask(fixture.db, CONNECTIONS), ...ask(fixture.owner, OWNER_CONNECTIONS)])
}

/** The rows of growing tables that `work` read, by an index or by a scan. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async (): Promise<number> => {
    await tellStatistics()
    const rows = await fixture.owner.query<{ rows: number }>(
      `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_user_tables
       where schemaname = 'booking' and relname in ('bookings', 'booking_log', 'seat_claims')`,
    )
    return rows[0]?.rows ?? 0
  }
  const before = await read()
  await work()
  return (await read()) - before
}

const dailyWork = async (): Promise<void> => {
  for (const job of jobs(fixture.deps)) await job.run({ as_of: null })
  await eventSales(fixture.deps, event_id)
}

test('neither a job nor the sales page reads old sales; without the index they would', async () => {
  expect(await rowsRead(dailyWork)).toBeLessThan(100)
  await fixture.owner.query('drop index booking.bookings_confirmed')
  expect(await rowsRead(dailyWork)).toBeGreaterThan(OLD_BOOKINGS / 2)
})

const PERFORMANCES: readonly number[] = [20, 200, 20_000]

const SUMMED_ANEW = `select sum(l.quantity * l.price) from booking.bookings b
  join booking.performances p using (performance_no)
  cross join lateral unnest(b.line_quantities, b.line_prices) as l (quantity, price)
  where p.event_id = $1 and b.status = 'confirmed'`

test('the sales page reads no more of an event that sold 20,000 than of one that sold 200; summing bookings would', async () => {
  await fixture.owner.query(
    `create index if not exists bookings_confirmed on booking.bookings (performance_no, booking_id) where status = 'confirmed'`,
  )
  const costs: { page: number; anew: number }[] = []
  for (const sold of PERFORMANCES) {
    const facts = performance({ tiers: [tier({ categories: null, quantity: 50_000 })] })
    await fixture.open(facts)
    await sellTonight(facts.performance_id, sold)
    for (const job of jobs(fixture.deps)) await job.run({ as_of: null })
    const page = await rowsRead(async () => {
      const sales = await eventSales(fixture.deps, facts.event_id)
      expect(sales.performances[0]).toMatchObject({ sold, revenue: { amount: sold * 2_500 } })
    })
    costs.push({ page, anew: await rowsRead(() => fixture.db.query(SUMMED_ANEW, [facts.event_id])) })
  }
  const [, smaller, larger] = costs
  expect(larger?.page).toBeLessThanOrEqual((smaller?.page ?? 0) + 20)
  expect(larger?.anew).toBeGreaterThanOrEqual(20_000)
})

test('a page of my orders reads no more of a box office with 20,000 than of a buyer with 200', async () => {
  const facts = performance({ tiers: [tier({ categories: null, quantity: 50_000 })] })
  await fixture.open(facts)
  await sellTonight(facts.performance_id, 40_200)
  await fixture.owner.query(
    `update booking.bookings b set idempotency_key = b.booking_id,
       owner_id = case when r.i <= 200 then 'usr_buyer' when r.i <= 20200 then 'usr_box_office' else b.owner_id end
     from (select booking_id, row_number() over (order by booking_id) as i
       from booking.bookings join booking.performances p using (performance_no) where p.performance_id = $1) r
     where b.booking_id = r.booking_id`,
    [facts.performance_id],
  )
  await fixture.owner.query('vacuum (analyze)')
  const read = (owner_id: string): Promise<number> =>
    rowsRead(() => myBookings(fixture.db, owner_id, { limit: 20, cursor: undefined, status: undefined }))
  expect(await read('usr_box_office')).toBeLessThanOrEqual((await read('usr_buyer')) + 20)
  await fixture.owner.query('drop index booking.bookings_of_owner')
  expect(await read('usr_box_office')).toBeGreaterThanOrEqual(20_000)
  await fixture.owner.query('create index bookings_of_owner on booking.bookings (owner_id, booking_id)')
})

test('a hold of a box office with 20,000 old bookings reads none of them; by their times alone it would', async () => {
  await fixture.owner.query(
    `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
       line_quantities, line_prices, total, held_at, expires_at, status)
     select 'bk_00' || n, 1000000, 'usr_till', 'till' || n, 'h', '{0}', '{1}', '{1}', '{2400}', 2400, now() - interval '1 year',
       now() - interval '1 year', 'confirmed'
     from generate_series(1, 20000) n`,
  )
  await fixture.owner.query('vacuum (analyze)')
  const limits = new HoldLimits({ db: fixture.db, hold_seconds: 300 })
  const enter = async (): Promise<void> => {
    const pass = await limits.enter('usr_till', [])
    if (pass.kind === 'admitted') pass.leave({ booking_id: newId('bk'), ends_at_ms: Date.now() + 300_000 })
  }
  for (let n = 0; n < 10; n++) await enter()
  expect(await rowsRead(enter)).toBeLessThan(20)
  const byTime = `select booking_id from booking.bookings where owner_id = 'usr_till' and held_at > now() - interval '1 hour'`
  expect(await rowsRead(() => fixture.db.query(byTime))).toBeGreaterThanOrEqual(20_000)
})

async function sellTonight(performance_id: string, count: number): Promise<void> {
  await fixture.owner.query(
    `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
       line_quantities, line_prices, total, held_at, expires_at)
     select 'bk_1' || performance_no || '_' || n, performance_no, 'usr_' || n, 'k' || performance_no, 'h', '{-1}',
       array[tier_no], '{1}', '{2500}', 2500, now(), now() + interval '5 minutes'
     from booking.performances join booking.tiers using (performance_no), generate_series(1, $2::int) n
     where performance_id = $1`,
    [performance_id, count],
  )
  await fixture.owner.query(
    `update booking.bookings b set status = 'confirmed' from booking.performances p
     where p.performance_no = b.performance_no and p.performance_id = $1`,
    [performance_id],
  )
  await fixture.owner.query(
    `insert into booking.booking_log (booking_id, from_status, to_status, actor)
     select booking_id, 'held', 'confirmed', 'test' from booking.bookings b join booking.performances p using (performance_no)
     where p.performance_id = $1`,
    [performance_id],
  )
  await fixture.owner.query('vacuum (analyze)')
}

test('cancelling an event reads as many rows a booking for 4,000 bookings as for 400', async () => {
  const rows_each: number[] = []
  for (const sold of [400, 4_000]) {
    const facts = performance({ tiers: [tier({ categories: null, quantity: 50_000 })] })
    await fixture.open(facts)
    await sellTonight(facts.performance_id, sold)
    await fixture.owner.query(
      'update booking.quotas set sold = $1 where tier_no = (select tier_no from booking.tiers where tier_id = $2)',
      [sold, facts.tiers[0]?.tier_id],
    )
    const { event_id, organization_id, performance_id } = facts
    await fixture.deliver('catalog.event_cancelled', event_id, {
      event_id,
      organization_id,
      performance_ids: [performance_id],
    })
    await fixture.owner.query('vacuum (analyze)')
    const rows = await rowsRead(async () => {
      // Each run is bounded in time: on a busy machine it takes several.
      for (let left = 1; left > 0; left = await unfinishedCancellations()) await cancelEventBookings(fixture.deps)
    })
    rows_each.push(rows / sold)
    const sales = await eventSales(fixture.deps, event_id)
    expect(sales.performances[0]).toMatchObject({ sold: 0, cancellation: { bookings_cancelled: sold } })
  }
  expect(rows_each[1]).toBeLessThan((rows_each[0] ?? 0) * 1.5)
})

async function unfinishedCancellations(): Promise<number> {
  const [row] = await fixture.owner.query<{ left: number }>(
    'select count(*)::int as left from booking.event_cancellations where finished_at is null',
  )
  return row?.left ?? 0
}

test('the invariant of quotas reads each booking once, however many tiers have one', async () => {
  const quotas = invariants.find(({ id }) => id === 'I3')
  if (quotas === undefined) throw new Error('There is no invariant of quotas')
  await fixture.open(performance({ tiers: Array.from({ length: 20 }, () => tier({ categories: null, quantity: 50 })) }))
  await fixture.owner.query('vacuum (analyze)')
  const [all] = await fixture.owner.query<{ bookings: number }>(
    'select count(*)::int as bookings from booking.bookings',
  )
  const slice = { from: 1, to: 2_000_000 }
  expect(await rowsRead(() => fixture.owner.many(quotas.statement, slice))).toBeLessThan((all?.bookings ?? 0) * 1.5)
})
