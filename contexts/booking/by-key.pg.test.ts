import { afterAll, beforeAll, expect, test } from 'vitest'
import { BY_KEY, type Db, loadSql, openDb, type Queryable } from '#platform/db'
import { type Fixture, holdAs, openFixture, performance } from './fixture.ts'

type Held = { booking_id: string; total: { amount: number } }

const SOME_CLAIMS = 300
const MANY_CLAIMS = 4_000
const sql = loadSql(new URL('./settle.ts', import.meta.url).href, ['settle_batch', 'settle_late'])
let fixture: Fixture
let settler: Db

beforeAll(async () => {
  fixture = await openFixture()
  await fixture.owner.query('alter table booking.seat_claims set (autovacuum_enabled = false)')
  settler = openDb({
    url: fixture.url,
    role: 'tessera_booking',
    search_path: 'booking',
    connections_max: 1,
    settings: BY_KEY,
  })
})
afterAll(async () => {
  await settler.close()
  await fixture[Symbol.asyncDispose]()
})

function settle(db: Queryable, booking_id: string, amount: number): Promise<{ kind: string }[]> {
  return db.many<{ kind: string }>(sql.settle_batch, {
    booking_ids: [booking_id],
    payment_ids: [`pay_${booking_id}`],
    amounts: [amount],
    currencies: ['EUR'],
    actors: ['test'],
    events: ['{}'],
    traceparents: [null],
  })
}

/** Rows of claims that a settlement reads, as its own transaction counts them. */
async function claimsRead(booking_id: string, amount: number): Promise<number> {
  return settler.transaction(async (tx) => {
    const [decided] = await settle(tx, booking_id, amount)
    expect(decided?.kind).toBe('confirmed')
    const [read] = await tx.query<{ rows: number }>(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables
       where schemaname = 'booking' and relname = 'seat_claims'`,
    )
    return read?.rows ?? 0
  })
}

async function sellLongAgo(performance_id: string, first_seat: number, count: number): Promise<void> {
  await fixture.owner.query(
    `insert into booking.seat_claims (performance_no, seat, holder_id, expires_at)
     select performance_no, $2::int + n, 'bk_0' || n, 'infinity' from booking.performances, generate_series(1, $3::int) n
     where performance_id = $1`,
    [performance_id, first_seat, count],
  )
}

test('a plan made while a performance had a few claims reads no more of them once it has thousands', async () => {
  const tonight = performance()
  await fixture.open(tonight)
  const hold = async (seat_id: string): Promise<Held> =>
    (await holdAs(fixture, { performance_id: tonight.performance_id, seat_ids: [seat_id] })).body as Held
  const first = await hold('A-1')
  await sellLongAgo(tonight.performance_id, 100, SOME_CLAIMS)
  const early = await claimsRead(first.booking_id, first.total.amount)
  const second = await hold('A-2')
  await sellLongAgo(tonight.performance_id, 1_000, MANY_CLAIMS)
  expect(await claimsRead(second.booking_id, second.total.amount)).toBeLessThan(early + 10)
})
