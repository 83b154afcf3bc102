import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { violationsOf } from '#platform/testing'
import { adopt } from './adopt.ts'
import { BlockRefusedError, block, unblock } from './block.ts'
import { cancel } from './cancel.ts'
import { cancelEventBookings } from './cancel-event.ts'
import type { Deps } from './deps.ts'
import { announceExpired } from './expire.ts'
import { type Fixture, hall, openFixture, performance, tier } from './fixture.ts'
import { hold } from './hold.ts'
import { invariants } from './invariants.ts'
import { close, open } from './open.ts'
import { release } from './release.ts'
import { settle } from './settle.ts'

const ROWS = 3
const SEATS_A_ROW = 8
const SEATS = ROWS * SEATS_A_ROW
const CLIENTS = 24
const STEPS = 40
/**
 * The first client's step after which the event is cancelled; its bookings are cancelled while the other operations
 * continue.
 */
const EVENT_CANCELLED_AT = 28

let fixture: Fixture
let other: Deps

beforeAll(async () => {
  // Holds of one second: they expire, are swept, taken over and paid late during the storm.
  fixture = await openFixture({
    charts: { cht_small: hall(ROWS, SEATS_A_ROW) },
    config: { hold_seconds: 1, several_processes: true },
  })
  const telemetry = createTelemetry({ level: 'fatal', service: 'other' })
  other = await open({ ...fixture.deps, telemetry })
})
afterAll(async () => {
  await close(other)
  await fixture[Symbol.asyncDispose]()
})

/** A seeded generator (mulberry32): the same storm again for the same seed, as far as scheduling allows. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) % below
  }
}

/** Backends report their counters at the latest when they end: all but this one are ended. */
async function deadlocks(): Promise<number> {
  await fixture.owner.query(
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  const [row] = await fixture.owner.query<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  )
  const answers = async (): Promise<boolean> => {
    const pools = [fixture.db, fixture.owner, fixture.auditor]
    const results = await Promise.allSettled(pools.map((pool) => pool.query('select 1')))
    return results.every((result) => result.status === 'fulfilled')
  }
  await expect.poll(answers).toBe(true)
  return row?.deadlocks ?? 0
}

const seatId = (seat: number): string => `${'ABC'[Math.floor(seat / SEATS_A_ROW)]}-${(seat % SEATS_A_ROW) + 1}`

/** Runs every operation of the context at once on one performance, from two processes. Returns the failures and the number of bookings. */
async function storm(): Promise<{ failures: unknown[]; bookings: number }> {
  const standing = tier({ categories: null, quantity: 20, name: 'Standing' })
  const lounge = tier({ categories: null, quantity: 12, name: 'Lounge', max_per_person: 4 })
  let facts = performance({ chart_id: 'cht_small', tiers: [tier(), standing, lounge] })
  await fixture.open(facts)
  const processes = [fixture.deps, other]
  const bookings: { id: string; total: number }[] = []
  const blocks: string[] = []
  let event_cancelled = false
  const owners = Array.from({ length: 6 }, () => newId('usr'))

  async function holdSome(deps: Deps, below: (n: number) => number): Promise<void> {
    const first = below(SEATS)
    const seats = Array.from({ length: 1 + below(3) }, (_, i) => seatId((first + i * 5) % SEATS))
    const items = [standing, lounge].slice(below(2)).map(({ tier_id }) => ({ tier_id, quantity: 1 + below(3) }))
    const outcome = await hold(deps, {
      owner_id: owners[below(owners.length)] ?? '',
      request: { key: crypto.randomUUID(), body_hash: 'h' },
      body: { performance_id: facts.performance_id, ...(below(2) === 0 ? { seat_ids: seats } : { items }) },
    })
    if (outcome.kind === 'held') bookings.push({ id: outcome.booking.booking_id, total: outcome.booking.total.amount })
    else expect(['seat-unavailable', 'limit-exceeded', 'not-on-sale']).toContain(outcome.kind)
  }

  async function blockSome(deps: Deps, below: (n: number) => number): Promise<void> {
    const bySeat = below(2) === 0
    const input = {
      performance_id: facts.performance_id,
      organization_id: facts.organization_id,
      event_id: facts.event_id,
      seat_ids: bySeat
        ? [seatId(below(SEATS)), seatId(below(SEATS))].filter((id, i, all) => all.indexOf(id) === i)
        : [],
      tier_id: bySeat ? null : standing.tier_id,
      quantity: bySeat ? null : 1 + below(4),
      tier_total: null,
      reason: 'storm',
      release_at: null,
      created_by: 'test',
    }
    try {
      blocks.push((await deps.db.transaction((tx) => block(tx, input))).block_id)
    } catch (error) {
      if (!(error instanceof BlockRefusedError)) throw error
    }
  }

  async function republish(): Promise<void> {
    facts = { ...facts, revision: facts.revision + 1 }
    await fixture.deliver('catalog.performance_published', facts.performance_id, facts)
  }

  async function cancelEvent(): Promise<void> {
    event_cancelled = true
    await fixture.deliver('catalog.event_cancelled', facts.event_id, {
      event_id: facts.event_id,
      organization_id: facts.organization_id,
      performance_ids: [facts.performance_id],
    })
  }

  /** Another account adopts the bookings of one of the owners. */
  async function adoptSome(deps: Deps, below: (n: number) => number): Promise<void> {
    const account = newId('usr')
    const [guest_id] = owners.splice(below(owners.length), 1, account)
    if (guest_id !== undefined) await adopt(deps, { guest_id, user_id: account })
  }

  async function step(deps: Deps, below: (n: number) => number, publishes: boolean): Promise<unknown> {
    if (publishes && below(4) === 0) return republish()
    const booking = bookings[below(bookings.length || 1)]
    const { id: booking_id = '', total = 0 } = booking ?? {}
    const action = below(21)
    if (event_cancelled && action % 3 === 0) return cancelEventBookings(deps)
    if (action < 9 || booking === undefined) return holdSome(deps, below)
    if (action < 12)
      return settle(deps, {
        booking_id,
        // One payment in four is a second one for its booking.
        payment_id: `pay_${below(4) === 0 ? 'again' : 'first'}_${booking_id}`,
        amount: money(total, 'EUR'),
        holder: null,
        actor: 'test',
      })
    if (action < 14) return release(deps, { booking_id, actor: 'test' })
    if (action < 15) return cancel(deps, { booking_id, actor: 'test' })
    if (action < 17) return announceExpired(deps, null)
    if (action < 18) return blockSome(deps, below)
    if (action < 19) {
      const block_id = blocks.splice(below(blocks.length || 1), 1)[0]
      return block_id === undefined ? undefined : deps.db.transaction((tx) => unblock(tx, block_id))
    }
    return adoptSome(deps, below)
  }

  const clients = await Promise.allSettled(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const below = randomOf(client + 1)
      // Publications of one performance are made one after another. From all clients at once, several to each hold,
      // they would make a hold meet 20 newer revisions in a row, which is answered with 503.
      const publishes = client === 0
      for (let i = 0; i < STEPS; i++) {
        if (client === 0 && i === EVENT_CANCELLED_AT) await cancelEvent()
        await step(processes[client % 2] ?? fixture.deps, below, publishes)
      }
    }),
  )
  const failures = clients.flatMap((client) => (client.status === 'rejected' ? [client.reason] : []))
  return { failures, bookings: bookings.length }
}

test('a storm of every operation on one performance: no deadlock, no error, every invariant holds', {
  timeout: 180_000,
}, async () => {
  const before = await deadlocks()
  const { failures, bookings } = await storm()
  expect(failures).toEqual([])
  expect(bookings).toBeGreaterThan(30)
  await expect.poll(() => announceExpired(fixture.deps, null), { timeout: 10_000 }).toBe(0)
  await cancelEventBookings(fixture.deps)
  expect(await fixture.owner.query('select from booking.event_cancellations where finished_at is null')).toEqual([])
  expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
  expect(await deadlocks()).toBe(before)
})

/** A confirmed booking of one seat, and another session that decides when locks are released. */
async function sold(): Promise<{ booking_id: string; facts: ReturnType<typeof performance> }> {
  const facts = await fixture.open(performance({ chart_id: 'cht_small' }))
  const outcome = await hold(fixture.deps, {
    owner_id: newId('usr'),
    request: { key: crypto.randomUUID(), body_hash: 'h' },
    body: { performance_id: facts.performance_id, seat_ids: ['A-1'] },
  })
  if (outcome.kind !== 'held') throw new Error(outcome.kind)
  const { booking_id } = outcome.booking
  const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null, actor: 'test' }
  expect((await settle(fixture.deps, { booking_id, ...payment })).kind).toBe('confirmed')
  return { booking_id, facts }
}

async function someoneWaits(): Promise<void> {
  const waiting = () =>
    fixture.owner.query("select pid from pg_locks where not granted and locktype in ('transactionid', 'tuple')")
  await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0)
}

test('the batch of a cancelled event waits for a seat before it locks the booking or its cancellation', async () => {
  const { booking_id, facts } = await sold()
  const { event_id, organization_id, performance_id } = facts
  const performance_ids = [performance_id]
  await fixture.deliver('catalog.event_cancelled', event_id, { event_id, organization_id, performance_ids })
  let batch: Promise<void> | undefined
  await fixture.owner.transaction(async (tx) => {
    await tx.query('select from booking.seat_claims where holder_id = $1 for update', [booking_id])
    batch = cancelEventBookings(fixture.deps)
    await someoneWaits()
    await tx.query('select from booking.bookings where booking_id = $1 for update nowait', [booking_id])
  })
  await batch
})

test('a buyer who cancels waits for the booking before its cancellation is written', async () => {
  const { booking_id } = await sold()
  let cancelling: Promise<unknown> | undefined
  await fixture.owner.transaction(async (tx) => {
    await tx.query('select from booking.bookings where booking_id = $1 for update', [booking_id])
    cancelling = cancel(fixture.deps, { booking_id, actor: 'test' })
    await someoneWaits()
    await tx.query(
      `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
       values ('cxl_of_the_event', $1, 'event-cancelled', 100, 'event-cancelled')`,
      [booking_id],
    )
  })
  await cancelling
})

/** An open performance with two noted blocks, the older on the higher seat, and what a publication of it delivers. */
async function withNotedBlocks() {
  const facts = await fixture.open(performance({ chart_id: 'cht_small' }))
  await fixture.owner.query(
    `insert into booking.blocks (block_id, performance_id, organization_id, event_id, seat_ids, reason, created_by, created_at)
     select $1 || seat_id, $1, $2, $3, array[seat_id], 'noted', 'test', now() + n * interval '1 ms'
     from unnest(array['A-5', 'A-2']) with ordinality as seat (seat_id, n)`,
    [facts.performance_id, facts.organization_id, facts.event_id],
  )
  const [row] = await fixture.owner.query<{ performance_no: number }>(
    'select performance_no from booking.performances where performance_id = $1',
    [facts.performance_id],
  )
  const revised = { ...facts, revision: facts.revision + 1 }
  const publish = () => fixture.deliver('catalog.performance_published', facts.performance_id, revised)
  return { performance_no: row?.performance_no, performance_id: facts.performance_id, publish }
}

const CLAIM = `insert into booking.seat_claims values ($1, $2, 'bk_of_a_hold', now() + interval '1 minute')`

/** A hold claims A-2, a publication begins and waits, the hold claims A-5. */
async function publishDuringHold(): Promise<PromiseSettledResult<unknown>[]> {
  const { performance_no, performance_id, publish } = await withNotedBlocks()
  let publishing: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([])
  const holding = fixture.owner.transaction(async (tx) => {
    await tx.query(CLAIM, [performance_no, 1])
    publishing = Promise.allSettled([publish()])
    await someoneWaits()
    await tx.query(CLAIM, [performance_no, 4])
  })
  const outcomes = [...(await Promise.allSettled([holding])), ...(await publishing)]
  const states = await fixture.owner.query<{ refused: boolean }>(
    'select refused_at is not null as refused from booking.blocks where performance_id = $1',
    [performance_id],
  )
  expect(states).toHaveLength(2)
  return outcomes
}

test('a publication locks the seats of all noted blocks ascending, whichever block is older', async () => {
  const before = await deadlocks()
  expect((await publishDuringHold()).map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await deadlocks()).toBe(before)
})

test('seats that were locked for a publication and have no claim are free afterwards, and expired claims stay', async () => {
  const { performance_no } = await withNotedBlocks()
  await fixture.owner.query(
    `insert into booking.seat_claims values ($1, 6, 'bk_expired', now() - interval '1 minute')`,
    [performance_no],
  )
  await fixture.db.query('select lock_seats($1, $2)', [performance_no, [3, 6, 3]])
  const claims = await fixture.owner.query(
    'select seat, holder_id from booking.seat_claims where performance_no = $1',
    [performance_no],
  )
  expect(claims).toEqual([{ seat: 6, holder_id: 'bk_expired' }])
})

test('negative control: where a publication locks no seats beforehand, the same hold and publication deadlock', async () => {
  await using _restored = await replaced(`
    create or replace function booking.lock_seats(p_performance int, p_seats int[]) returns void language sql as 'select'`)
  const before = await deadlocks()
  await publishDuringHold()
  expect(await deadlocks()).toBeGreaterThan(before)
})

/** Puts another function in the place of one of ours until the end of the scope. */
async function replaced(statement: string): Promise<AsyncDisposable> {
  const name = /function (booking\.\w+)/.exec(statement)?.[1]
  const [ours] = await fixture.owner.query<{ text: string }>('select pg_get_functiondef($1::regproc) as text', [name])
  await fixture.owner.query(statement)
  return { [Symbol.asyncDispose]: async () => void (await fixture.owner.query(ours?.text ?? '')) }
}

test('negative control: where existing bookings are locked before their seats, a release and a hold deadlock', async () => {
  await using _restored = await replaced(`
    create or replace function booking.lock_bookings(p_booking_ids text[]) returns void language plpgsql as $$
    begin
      perform 1 from booking.bookings b where b.booking_id = any (p_booking_ids) order by b.booking_id for update;
      perform 1 from booking.seat_claims c where c.holder_id = any (p_booking_ids) order by c.seat for update;
    end $$`)
  const before = await deadlocks()
  const { booking_id } = await sold()
  let cancelling: Promise<unknown> = Promise.resolve()
  // One of the two is the victim, whichever has waited longer.
  const other_session = fixture.owner.transaction(async (tx) => {
    await tx.query('select from booking.seat_claims where holder_id = $1 for update', [booking_id])
    cancelling = Promise.allSettled([cancel(fixture.deps, { booking_id, actor: 'test' })])
    await someoneWaits()
    await tx.query('select from booking.bookings where booking_id = $1 for update', [booking_id])
  })
  await Promise.allSettled([other_session])
  await cancelling
  expect(await deadlocks()).toBeGreaterThan(before)
})

test('the same release and hold in the order of the README: no deadlock', async () => {
  const before = await deadlocks()
  const { booking_id } = await sold()
  let cancelling: Promise<unknown> = Promise.resolve()
  await fixture.owner.transaction(async (tx) => {
    await tx.query('select from booking.seat_claims where holder_id = $1 for update', [booking_id])
    cancelling = cancel(fixture.deps, { booking_id, actor: 'test' })
    await someoneWaits()
    await tx.query('select from booking.bookings where booking_id = $1 for update', [booking_id])
  })
  expect(await cancelling).toMatchObject({ kind: 'cancelled' })
  expect(await deadlocks()).toBe(before)
})
