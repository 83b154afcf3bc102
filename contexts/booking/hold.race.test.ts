import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { violationsOf } from '#platform/testing'
import type { Deps } from './deps.ts'
import { type Fixture, hall, openFixture, performance, tier } from './fixture.ts'
import { type HoldOutcome, hold } from './hold.ts'
import { invariants } from './invariants.ts'
import { close, open } from './open.ts'

const USERS = 100
const SEATS = 16

let fixture: Fixture
const others: Deps[] = []

beforeAll(async () => {
  fixture = await openFixture({ charts: { cht_small: hall(1, SEATS) } })
  // Three more processes on the same database, each with an availability cache and batcher of its own.
  for (let i = 0; i < 3; i++) {
    const telemetry = createTelemetry({ level: 'fatal', service: `process ${i}` })
    others.push(await open({ ...fixture.deps, telemetry, config: { ...fixture.deps.config, several_processes: true } }))
  }
})
afterAll(async () => {
  for (const deps of others) await close(deps)
  await fixture[Symbol.asyncDispose]()
})

/** Every user requests every seat, all at once, spread over the processes. */
async function holdAllAtOnce(performance_id: string, processes: readonly Deps[]): Promise<HoldOutcome[]> {
  const requests = Array.from({ length: USERS * SEATS }, (_, i) => ({
    user: Math.floor(i / SEATS),
    seat_id: `A-${(i % SEATS) + 1}`,
    i,
  }))
  const users = Array.from({ length: USERS }, () => newId('usr'))
  return Promise.all(
    requests.map(({ user, seat_id, i }) => {
      const deps = processes[user % processes.length] ?? fixture.deps
      return hold(deps, {
        owner_id: users[user] ?? '',
        request: { key: `${i}`, body_hash: `${i}` },
        body: { performance_id, seat_ids: [seat_id] },
      })
    }),
  )
}

async function sold(performance_id: string): Promise<{ bookings: number; seats: number }> {
  const [row] = await fixture.owner.query<{ bookings: number; seats: number }>(
    `select count(*)::int as bookings, count(distinct b.line_seats)::int as seats
     from booking.bookings b join booking.performances p using (performance_no) where p.performance_id = $1`,
    [performance_id],
  )
  return row ?? { bookings: 0, seats: 0 }
}

test('100 users × 16 seats at once: exactly 16 winners; every loser gets the unavailable seats', async () => {
  const { performance_id } = await fixture.open(performance({ chart_id: 'cht_small' }))
  const outcomes = await holdAllAtOnce(performance_id, [fixture.deps])
  expect(outcomes.filter((outcome) => outcome.kind === 'held')).toHaveLength(SEATS)
  expect(outcomes.filter((outcome) => outcome.kind === 'seat-unavailable')).toHaveLength(USERS * SEATS - SEATS)
  expect(await sold(performance_id)).toEqual({ bookings: SEATS, seats: SEATS })
})

test('100 users × 16 seats over four processes that share no memory: exactly 16 winners', async () => {
  const { performance_id } = await fixture.open(performance({ chart_id: 'cht_small' }))
  const outcomes = await holdAllAtOnce(performance_id, [fixture.deps, ...others])
  expect(outcomes.filter((outcome) => outcome.kind === 'held')).toHaveLength(SEATS)
  expect(await sold(performance_id)).toEqual({ bookings: SEATS, seats: SEATS })
})

test('overlapping pairs in opposite order: no seat twice, no error, no seat lost', async () => {
  const { performance_id } = await fixture.open(performance({ chart_id: 'cht_small' }))
  const pairs = Array.from({ length: 200 }, (_, i) => {
    const first = (i * 7) % SEATS
    const second = (i * 7 + 1) % SEATS
    return i % 2 === 0 ? [first, second] : [second, first]
  })
  const all = [fixture.deps, ...others]
  const outcomes = await Promise.all(
    pairs.map((pair, i) =>
      hold(all[i % 4] ?? fixture.deps, {
        owner_id: newId('usr'),
        request: { key: 'k', body_hash: 'h' },
        body: { performance_id, seat_ids: pair.map((seat) => `A-${seat + 1}`) },
      }),
    ),
  )
  const seats = outcomes.flatMap((outcome) =>
    outcome.kind === 'held' ? outcome.booking.line_items.map((line) => line.seat_id) : [],
  )
  expect(new Set(seats).size).toBe(seats.length)
  const [left] = await fixture.owner.query<{ claims: number }>(
    `select count(*)::int as claims from booking.seat_claims c join booking.performances p using (performance_no) where p.performance_id = $1`,
    [performance_id],
  )
  expect(left?.claims).toBe(seats.length)
})

test('negative control: with check-then-insert in place of the claim, four processes oversell', async () => {
  await using broken = await openFixture({ charts: { cht_small: hall(1, SEATS) } })
  const processes = [broken.deps]
  for (let i = 0; i < 3; i++) {
    const telemetry = createTelemetry({ level: 'fatal', service: `control ${i}` })
    processes.push(
      await open({ ...broken.deps, telemetry, config: { ...broken.deps.config, several_processes: true } }),
    )
  }
  // Opened while the key is there: locking seats needs it.
  const { performance_id } = await broken.open(performance({ chart_id: 'cht_small' }))
  const warm_up = await broken.open(performance({ chart_id: 'cht_small' }))
  await broken.owner.query('alter table booking.seat_claims drop constraint seat_claims_pkey')
  await broken.owner.query(`
    create or replace function booking.hold_batch(
      p_hold_seconds int, p_booking_ids text[], p_owners text[], p_keys text[], p_hashes text[], p_performances int[],
      p_revisions int[], p_seats text[], p_tiers text[], p_quantities text[], p_prices text[], p_totals bigint[],
      p_person_limits text[], p_event_parts text[], p_tier_nos int[]
    ) returns table (db_now timestamptz, ends_at timestamptz, request int, kind text, unavailable int[])
    language plpgsql as $$
    declare v_i int; v_seat int;
    begin
      for v_i in 1 .. cardinality(p_booking_ids) loop
        v_seat := (p_seats[v_i]::int[])[1];
        db_now := now(); ends_at := now() + interval '300 s'; request := v_i; unavailable := null;
        if exists (select from seat_claims c where c.performance_no = p_performances[v_i] and c.seat = v_seat) then
          kind := 'lost'; unavailable := array[v_seat];
        else
          perform pg_sleep(0.02);
          insert into seat_claims values (p_performances[v_i], v_seat, p_booking_ids[v_i], ends_at);
          kind := 'won';
        end if;
        return next;
      end loop;
    end $$`)
  // Every process has its connections open before the race begins.
  await holdAllAtOnce(warm_up.performance_id, processes)
  const outcomes = await holdAllAtOnce(performance_id, processes)
  expect(outcomes.filter((outcome) => outcome.kind === 'held').length).toBeGreaterThan(SEATS)
  for (const deps of processes.slice(1)) await close(deps)
})

test('general admission under a burst sells exactly the total, with no quantity lost', async () => {
  const standing = tier({ categories: null, quantity: 50, name: 'Standing', max_per_order: 4 })
  const facts = await fixture.open(performance({ chart_id: null, tiers: [standing] }))
  const all = [fixture.deps, ...others]
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      hold(all[i % 4] ?? fixture.deps, {
        owner_id: newId('usr'),
        request: { key: 'k', body_hash: 'h' },
        body: { performance_id: facts.performance_id, items: [{ tier_id: standing.tier_id, quantity: (i % 3) + 1 }] },
      }),
    ),
  )
  const got = outcomes.reduce(
    (sum, outcome) => sum + (outcome.kind === 'held' ? (outcome.booking.line_items[0]?.quantity ?? 0) : 0),
    0,
  )
  expect(got).toBe(50)
  const [counts] = await fixture.owner.query<{ held: number }>(
    'select held from booking.quotas c join booking.tiers t using (tier_no) where t.tier_id = $1',
    [standing.tier_id],
  )
  expect(counts?.held).toBe(50)
})

const ROOM = 30
const EARLY = 20

/** 200 buyers at once ask for one place each: early bird, regular or a seat. Returns what was held, by tier. */
async function sellRoom({ shared }: { shared: boolean }): Promise<Map<string, number>> {
  const early = tier({ categories: null, quantity: EARLY, name: 'Early bird' })
  const regular = tier({ categories: null, quantity: 1_000, name: 'Regular' })
  const stalls = tier({ name: 'Stalls' })
  const { performance_id } = await fixture.open(performance({ chart_id: 'cht_small', tiers: [early, regular, stalls] }))
  if (shared)
    await fixture.owner.query(
      `with room as (
         insert into booking.quotas (performance_no, quota_id, name, total)
         select performance_no, 'quo_' || performance_no, 'Room', $2 from booking.performances where performance_id = $1
         returning quota_no, performance_no
       )
       insert into booking.quota_tiers (tier_no, quota_no)
       select t.tier_no, room.quota_no from room join booking.tiers t using (performance_no)`,
      [performance_id, ROOM],
    )
  const all = [fixture.deps, ...others]
  const held = new Map<string, number>()
  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const wanted = [
        { items: [{ tier_id: early.tier_id, quantity: 1 }] },
        { items: [{ tier_id: regular.tier_id, quantity: 1 }] },
        { seat_ids: [`A-${(Math.floor(i / 3) % SEATS) + 1}`] },
      ][i % 3]
      const outcome = await hold(all[i % all.length] ?? fixture.deps, {
        owner_id: newId('usr'),
        request: { key: 'k', body_hash: 'h' },
        body: { performance_id, ...wanted },
      })
      const name = [early, regular, stalls][i % 3]?.name ?? ''
      if (outcome.kind === 'held') held.set(name, (held.get(name) ?? 0) + 1)
      else expect(outcome.kind).toBe('seat-unavailable')
    }),
  )
  const [claims] = await fixture.owner.query<{ seats: number }>(
    `select count(*)::int as seats from booking.seat_claims join booking.performances using (performance_no) where performance_id = $1`,
    [performance_id],
  )
  expect(claims?.seats).toBe(held.get('Stalls') ?? 0)
  expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
  return held
}

const sum = (held: ReadonlyMap<string, number>): number => [...held.values()].reduce((all, one) => all + one, 0)

test('a quota behind standing and seated tiers is sold to the last place and never beyond', async () => {
  const held = await sellRoom({ shared: true })
  expect(sum(held)).toBe(ROOM)
  expect(held.get('Early bird') ?? 0).toBeLessThanOrEqual(EARLY)
})

test('negative control: without the shared quota the same buyers exceed the room', async () => {
  const held = await sellRoom({ shared: false })
  expect(held.get('Early bird')).toBe(EARLY)
  expect(held.get('Stalls')).toBe(SEATS)
  expect(sum(held)).toBeGreaterThan(ROOM)
})

const PERSON_LIMIT = 3
const ORDERS = 24

/** One person orders seat by seat, all at once, spread over the processes. Returns how many were held. */
async function orderBeyondLimit(at: Fixture, processes: readonly Deps[]): Promise<number> {
  const tiers = [tier({ name: 'Members', max_per_person: PERSON_LIMIT })]
  const { performance_id } = await at.open(performance({ tiers }))
  const owner_id = newId('usr')
  const outcomes = await Promise.all(
    Array.from({ length: ORDERS }, (_, i) =>
      hold(processes[i % processes.length] ?? at.deps, {
        owner_id,
        request: { key: `${i}`, body_hash: 'h' },
        body: { performance_id, seat_ids: [`${'AB'[i % 2]}-${Math.floor(i / 2) + 1}`] },
      }),
    ),
  )
  const refused = outcomes.filter((outcome) => outcome.kind === 'limit-exceeded')
  const got = outcomes.filter((outcome) => outcome.kind === 'held').length
  expect(got + refused.length).toBe(ORDERS)
  for (const { detail } of refused) expect(detail).toContain(`One person may have ${PERSON_LIMIT} of Members`)
  return got
}

test('24 orders of one person at once over four processes: exactly as many as the limit allows', async () => {
  expect(await orderBeyondLimit(fixture, [fixture.deps, ...others])).toBe(PERSON_LIMIT)
})

test('negative control: without the lock of the person, the same orders exceed the limit', async () => {
  await using broken = await openFixture()
  const processes = [broken.deps]
  for (let i = 0; i < 3; i++) {
    const telemetry = createTelemetry({ level: 'fatal', service: `control ${i}` })
    processes.push(
      await open({ ...broken.deps, telemetry, config: { ...broken.deps.config, several_processes: true } }),
    )
  }
  await broken.owner.query(`
    create or replace function booking.lock_persons(p_owners text[], p_performances int[], p_person_limits text[])
    returns void language plpgsql as $$ begin end $$;
    create function booking.dawdle() returns trigger language plpgsql as $$
    begin perform pg_sleep(0.05); return null; end $$;
    create trigger dawdle before insert on booking.bookings for each statement execute function booking.dawdle()`)
  // The first run opens every process's connections.
  await orderBeyondLimit(broken, processes)
  expect(await orderBeyondLimit(broken, processes)).toBeGreaterThan(PERSON_LIMIT)
  for (const deps of processes.slice(1)) await close(deps)
})
