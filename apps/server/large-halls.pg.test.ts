import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { AUDIT_SETTINGS, checkInvariant, countViolations, type Invariant, slicesOf } from '#platform/invariants'
import { createTestDatabase } from '#platform/testing'
import { productSchemas } from './compose.ts'
import { productInvariants } from './invariants.ts'

/** I21 on halls as large as any, of which hardly a seat is sold: what it costs depends on seats, not on claims. */
const HALLS = 20
const SEATS = 50_000

let database: Awaited<ReturnType<typeof createTestDatabase>>
let owner: Db
let auditor: Db

beforeAll(async () => {
  database = await createTestDatabase(await productSchemas())
  owner = openDb({ url: database.url })
  auditor = openDb({
    url: database.url,
    role: 'tessera_auditor',
    settings: AUDIT_SETTINGS,
    statement_timeout_ms: 5_000,
  })
})
beforeEach(async () => {
  await owner.query('truncate booking.performances, booking.seat_claims, realtime.seat_states cascade')
  await owner.query(
    `insert into booking.performances (performance_no, performance_id, event_id, organization_id, revision, seat_count, title,
       currency, start_time, end_time, refund_policy, status) overriding system value
     select n, 'perf_' || n, 'evt', 'org', 1, $1, 'Play', 'EUR', now(), now(), '{}', 'on_sale' from generate_series(1, $2) n`,
    [SEATS, HALLS],
  )
  await owner.query(
    `insert into booking.seat_claims select n, $1 - 1, 'bk_' || n, 'infinity' from generate_series(1, $2) n`,
    [SEATS, HALLS],
  )
  await owner.query(
    `insert into realtime.seat_states (performance_id, version, seats)
     select 'perf_' || n, 1, decode(repeat('00', $1 - 1) || '02', 'hex') from generate_series(1, $2) n`,
    [SEATS, HALLS],
  )
})
afterAll(async () => {
  await owner.close()
  await auditor.close()
  await database[Symbol.asyncDispose]()
})

function seatStates(): Invariant {
  const invariant = productInvariants.find(({ id }) => id === 'I21')
  if (invariant === undefined) throw new Error('There is no I21')
  return invariant
}

test('twenty halls of 50,000 seats are compared in one statement of less than 5 s', async () => {
  const all = { from: 1, to: HALLS }
  expect(await countViolations(auditor, seatStates(), all)).toBe(0)
  await owner.query(`update realtime.seat_states set seats = set_byte(seats, 7, 1) where performance_id = 'perf_9'`)
  expect(await countViolations(auditor, seatStates(), all)).toBe(1)
})

test('a slice has few halls when they are large, and many when they are small', async () => {
  const sizes = async (): Promise<number> => {
    let slices = 0
    for await (const _ of slicesOf(auditor, seatStates())) slices++
    return slices
  }
  expect(await sizes()).toBe(HALLS / 2)
  expect(await checkInvariant(auditor, seatStates())).toBe(0)
  await owner.query('update booking.performances set seat_count = 500')
  expect(await sizes()).toBe(1)
})
