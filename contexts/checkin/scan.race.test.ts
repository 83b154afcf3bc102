import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { violationsOf } from '#platform/testing'
import { type Fixture, openFixture, STAFF, type TestTicket } from './fixture.ts'
import { invariants } from './invariants.ts'
import { openScanBatcher } from './scan-batcher.ts'

const SCANNERS = 24
const TICKETS = 150

let fixture: Fixture
let pools: Db[]
beforeAll(async () => {
  fixture = await openFixture()
  // Each scanner has a process of its own: PostgreSQL is all that they share.
  pools = Array.from({ length: SCANNERS }, () =>
    openDb({ url: fixture.context.url, role: 'tessera_checkin', search_path: 'checkin', connections_max: 1 }),
  )
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
  await fixture.context[Symbol.asyncDispose]()
})

function scanOf({ ticket }: TestTicket, scanner: number) {
  const { code_id, performance_id } = ticket
  const nothing = { gate: null, device_id: null, scanned_at: null, idempotency_key: null, body_hash: null }
  return {
    code_id,
    performance_id,
    checkin_id: newId('chk'),
    staff_user_id: `usr_${scanner}`,
    ...nothing,
    gate: `G${scanner}`,
  }
}

/** Each scanner gets the same items in an order of its own. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  return [...items].sort((a, b) => spread(items.indexOf(a), seed) - spread(items.indexOf(b), seed))
}

function spread(index: number, seed: number): number {
  return Math.imul(index * 2_654_435_761 + seed, 2_246_822_519) >>> 0
}

async function violations(): Promise<Record<string, number>> {
  const found = await violationsOf(fixture.context.auditor, invariants)
  return Object.fromEntries(Object.entries(found).map(([id, rows]) => [id, rows.length]))
}

async function logOf(
  tickets: readonly TestTicket[],
): Promise<{ ticket_id: string; admitted: number; undone: number }[]> {
  return fixture.context.owner.query(
    `select ticket_id, count(*) filter (where kind = 'admitted')::int as admitted, count(*) filter (where kind = 'undone')::int as undone
     from checkin.admissions where ticket_id = any($1) group by ticket_id`,
    [tickets.map(({ ticket }) => ticket.ticket_id)],
  )
}

test('24 scanners, each scanning every ticket: every ticket admits exactly once', async () => {
  const tickets = await fixture.issue(TICKETS)
  const results = await Promise.all(
    pools.map((pool, scanner) => {
      const batcher = openScanBatcher(pool, () => undefined)
      return Promise.all(shuffled(tickets, scanner).map((ticket) => batcher.submit(scanOf(ticket, scanner))))
    }),
  )
  const all = results.flat().map((decision) => decision.result)
  expect(all.filter((result) => result === 'admitted')).toHaveLength(TICKETS)
  expect(all.filter((result) => result === 'already_used')).toHaveLength(TICKETS * (SCANNERS - 1))
  expect(await logOf(tickets)).toEqual(expect.arrayContaining([expect.objectContaining({ admitted: 1, undone: 0 })]))
  expect((await logOf(tickets)).every((ticket) => ticket.admitted === 1)).toBe(true)
  expect(await violations()).toEqual({})
})

test('24 scanners with one key: one admission, and every scanner gets it', async () => {
  const [ticket] = await fixture.issue(1)
  if (ticket === undefined) throw new Error('no ticket was issued')
  const decisions = await Promise.all(
    pools.map((pool, scanner) =>
      openScanBatcher(pool, () => undefined).submit({
        ...scanOf(ticket, scanner),
        staff_user_id: 'usr_one',
        idempotency_key: 'same',
        body_hash: 'same',
      }),
    ),
  )
  expect(decisions.map((decision) => decision.result)).toEqual(pools.map(() => 'admitted'))
  expect(new Set(decisions.map((decision) => (decision.result === 'admitted' ? decision.checkin_id : null))).size).toBe(
    1,
  )
})

test('one key for 24 different tickets at once: one ticket wins it, the others are mismatches', async () => {
  const tickets = await fixture.issue(SCANNERS)
  const decisions = await Promise.all(
    tickets.map((ticket, index) => {
      const pool = pools[index]
      if (pool === undefined) throw new Error('fewer pools than scanners')
      const scan = {
        ...scanOf(ticket, index),
        staff_user_id: 'usr_one',
        idempotency_key: 'shared',
        body_hash: `body ${index}`,
      }
      return openScanBatcher(pool, () => undefined).submit(scan)
    }),
  )
  expect(decisions.filter((decision) => decision.result === 'admitted')).toHaveLength(1)
  expect(decisions.filter((decision) => decision.result === 'mismatch')).toHaveLength(SCANNERS - 1)
  expect(await violations()).toEqual({})
})

test('cancelling races with scanning: a booking is revoked whole or a ticket is admitted, never both', async () => {
  const bookings = await Promise.all(Array.from({ length: 60 }, () => fixture.issue(2)))
  const outcomes = await Promise.all(
    bookings.map(async (tickets, index) => {
      const pool = pools[index % SCANNERS]
      const booking_id = tickets[0]?.ticket.booking_id ?? ''
      if (pool === undefined) throw new Error('fewer pools than bookings')
      const batcher = openScanBatcher(pool, () => undefined)
      const scans = (): Promise<{ result: string }[]> =>
        Promise.all(tickets.map((ticket) => batcher.submit(scanOf(ticket, index))))
      const revoke = () => fixture.rpc.revoke({ booking_id, ticket_ids: tickets.map(({ ticket }) => ticket.ticket_id) })
      const [revoked, scanned] =
        index % 2 === 0 ? await Promise.all([revoke(), scans()]) : (await Promise.all([scans(), revoke()])).toReversed()
      return {
        revoked: (revoked as { kind: string }).kind,
        scanned: (scanned as { result: string }[]).map((one) => one.result),
      }
    }),
  )
  for (const { revoked, scanned } of outcomes) {
    expect(scanned).toEqual(revoked === 'revoked' ? ['void', 'void'] : expect.arrayContaining(['admitted']))
  }
  expect(await violations()).toEqual({})
})

test('undoing races with scanning: one undo wins and the log still alternates', async () => {
  const tickets = await fixture.issue(30)
  const first = await Promise.all(tickets.map(({ code }) => admit(code)))
  const outcomes = await Promise.all(
    tickets.flatMap(({ code }, index) => {
      const checkin_id = (first[index]?.body as { checkin_id: string } | undefined)?.checkin_id
      const undo = async () => ({
        undo: (await fixture.context.call('DELETE', `/api/v1/checkins/${checkin_id}`, { as: STAFF })).status,
        scan: 0,
      })
      const scan = async () => ({ undo: 0, scan: (await admit(code)).status })
      return [undo(), scan(), undo(), scan(), undo(), scan()]
    }),
  )
  expect(outcomes.filter(({ undo }) => undo === 200)).toHaveLength(tickets.length)
  expect(outcomes.filter(({ undo }) => undo === 409)).toHaveLength(2 * tickets.length)
  expect(outcomes.every(({ scan }) => [0, 200, 409].includes(scan))).toBe(true)
  expect(await violations()).toEqual({})
})

function admit(code: string) {
  const body = { code, performance_id: fixture.on_sale.performance_id }
  return fixture.context.call('POST', '/api/v1/checkins', { as: STAFF, body })
}

test('negative control: reading before updating admits twice, and the invariants detect it', async () => {
  const tickets = await fixture.issue(20)
  for (const { ticket } of tickets) {
    await Promise.all(
      pools.map(async (pool) => {
        const [row] = await pool.query<{ free: boolean }>(
          'select admitted_at is null as free from tickets where ticket_id = $1',
          [ticket.ticket_id],
        )
        if (row?.free !== true) return
        const checkin_id = newId('chk')
        await pool.query('update tickets set admitted_at = now(), checkin_id = $2 where ticket_id = $1', [
          ticket.ticket_id,
          checkin_id,
        ])
        await pool.query(
          `insert into admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id) values ($1, 'admitted', $2, $3, now(), 'usr')`,
          [checkin_id, ticket.ticket_id, ticket.performance_id],
        )
      }),
    )
  }
  const doubles = (await logOf(tickets)).filter((ticket) => ticket.admitted > 1)
  expect(doubles.length).toBeGreaterThan(0)
  expect(Object.keys(await violations())).toContain('I22')
})

test('negative control: revoking without the locks admits a revoked ticket, and the invariants detect it', async () => {
  const tickets = await fixture.issue(20)
  for (const { ticket } of tickets) {
    const [gate, office] = pools
    if (gate === undefined || office === undefined) throw new Error('fewer pools than two')
    const free = 'select admitted_at is null and revoked_at is null as free from tickets where ticket_id = $1'
    await Promise.all([gate.query(free, [ticket.ticket_id]), office.query(free, [ticket.ticket_id])])
    const checkin_id = newId('chk')
    await office.query('update tickets set revoked_at = now() where ticket_id = $1', [ticket.ticket_id])
    await gate.query('update tickets set admitted_at = clock_timestamp(), checkin_id = $2 where ticket_id = $1', [
      ticket.ticket_id,
      checkin_id,
    ])
    await gate.query(
      `insert into admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id) values ($1, 'admitted', $2, $3, clock_timestamp(), 'usr')`,
      [checkin_id, ticket.ticket_id, ticket.performance_id],
    )
  }
  expect(Object.keys(await violations())).toContain('I23')
})
