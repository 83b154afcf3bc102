import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BookingFixture, holdAs, openBookingFixture, performance } from './fixture.ts'
import { jobs } from './jobs.ts'
import { eventSales } from './sales.ts'

const OLD_BOOKINGS = 40_000
let fixture: BookingFixture
let event_id: string

beforeAll(async () => {
  fixture = await openBookingFixture()
  const tonight = performance()
  event_id = tonight.event_id
  await fixture.open(tonight)
  await holdAs(fixture, { performance_id: tonight.performance_id, seat_ids: ['A-1'] })
  await sellLongAgo(OLD_BOOKINGS)
})

afterAll(() => fixture[Symbol.asyncDispose]())

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
  await owner.query('vacuum (analyze) booking.bookings')
  await owner.query('vacuum (analyze) booking.booking_log')
}

const CONNECTIONS = 16

/** Each connection of the pool keeps its own counts until it is asked. */
async function tellStatistics(): Promise<void> {
  const ask = (): Promise<unknown> => fixture.db.query('select pg_stat_force_next_flush(), pg_sleep(0.1)')
  await Promise.all(Array.from({ length: CONNECTIONS }, ask))
}

/** Rows of the tables that grow for ever, read by whole scans while `work` ran. */
async function rowsScanned(work: () => Promise<unknown>): Promise<number> {
  const scanned = async (): Promise<number> => {
    await tellStatistics()
    const rows = await fixture.owner.query<{ rows: number }>(
      `select sum(seq_tup_read)::int as rows from pg_stat_user_tables
       where schemaname = 'booking' and relname in ('bookings', 'booking_log', 'seat_claims')`,
    )
    return rows[0]?.rows ?? 0
  }
  const before = await scanned()
  await work()
  return (await scanned()) - before
}

const dailyWork = async (): Promise<void> => {
  for (const job of jobs(fixture.deps)) await job.run({ as_of: null })
  await eventSales(fixture.deps, event_id)
}

test('neither a job nor the sales page reads what was sold long ago; without the index they would', async () => {
  expect(await rowsScanned(dailyWork)).toBe(0)
  await fixture.owner.query('drop index booking.bookings_confirmed')
  expect(await rowsScanned(dailyWork)).toBeGreaterThan(OLD_BOOKINGS)
})
