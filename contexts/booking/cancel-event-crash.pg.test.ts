import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsOf } from '#platform/testing'
import { sellSeats } from './cancel-event.fixture.ts'
import type { VictimAsks, VictimHears } from './cancel-event-victim.fixture.ts'
import { type Fixture, hall, openFixture, performance } from './fixture.ts'
import { invariants } from './invariants.ts'

/** kill -9 half-way through the cancellation of an event of 3,000 bookings, every second of them free. */
const BOOKINGS = 3_000
const PRICE = 2_500
/** At which request for refunds each process dies, and whether it is answered first. */
const KILLS: readonly { at: number; answered: boolean }[] = [
  { at: 1, answered: false },
  { at: 1, answered: true },
  { at: 2, answered: false },
  { at: 2, answered: true },
  { at: 1, answered: false },
]

let fixture: Fixture
/** Promised refunds by cancellation: one each, however often it is requested, as payment's contract requires. */
const promised = new Map<string, { booking_id: string; amount: number; asked: number }>()

beforeAll(async () => {
  fixture = await openFixture({ charts: { cht_large: hall(60, 60) } })
})
afterAll(() => fixture[Symbol.asyncDispose]())

function promise({ requests }: VictimAsks): VictimHears {
  return {
    promises: requests.map(({ cancellation_id, booking_id }) => {
      const amount = isFree(booking_id) ? 0 : PRICE
      const before = promised.get(cancellation_id)
      promised.set(cancellation_id, { booking_id, amount, asked: (before?.asked ?? 0) + 1 })
      return { refund: amount === 0 ? null : money(amount, 'EUR'), waits_for_dispute: false }
    }),
  }
}

const isFree = (booking_id: string): boolean => Number(booking_id.split('_').at(-1)) % 2 === 0

/** Runs one process until it is done or, at its n-th request, killed. Resolves to whether it was killed. */
async function run(kill?: { at: number; answered: boolean }): Promise<boolean> {
  const victim: ChildProcess = fork(fileURLToPath(new URL('./cancel-event-victim.fixture.ts', import.meta.url)), {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '' },
  })
  const gone = once(victim, 'exit')
  let asked = 0
  victim.on('message', (asks: VictimAsks) => {
    asked++
    const dies = asked === kill?.at
    if (!dies || kill.answered) victim.send(promise(asks))
    if (dies) victim.kill('SIGKILL')
  })
  victim.send({ url: fixture.url })
  const [code, signal] = await gone
  if (signal !== 'SIGKILL') expect(code).toBe(0)
  return signal === 'SIGKILL'
}

async function progress() {
  const [row] = await fixture.owner.query(
    `select bookings, bookings_cancelled, refunds_requested, refund_total::int, finished_at is not null as finished
     from booking.event_cancellations`,
  )
  return row
}

test('killed again and again, taken up at once: every booking is cancelled and refunded exactly once', {
  timeout: 120_000,
}, async () => {
  const { performance_id, event_id, organization_id } = await fixture.open(performance({ chart_id: 'cht_large' }))
  await sellSeats(fixture, performance_id, BOOKINGS, isFree)
  await fixture.deliver('catalog.event_cancelled', event_id, {
    event_id,
    organization_id,
    performance_ids: [performance_id],
  })
  for (const kill of KILLS) expect(await run(kill)).toBe(true)
  // Negative control: the kills came in the middle; something was done, and something was left.
  const [half] = await fixture.owner.query<{ cancelled: number; refunded: number }>(
    `select count(*) filter (where b.status = 'cancelled')::int as cancelled, count(c.refunded_at)::int as refunded
     from booking.bookings b left join booking.cancellations c using (booking_id)`,
  )
  expect(half?.cancelled).toBeGreaterThan(0)
  expect(half?.refunded).toBeLessThan(BOOKINGS)
  expect(await progress()).toMatchObject({ finished: false })

  expect(await run()).toBe(false)
  expect(await progress()).toEqual({
    bookings: BOOKINGS,
    bookings_cancelled: BOOKINGS,
    refunds_requested: BOOKINGS / 2,
    refund_total: (BOOKINGS / 2) * PRICE,
    finished: true,
  })
  expect(promised.size).toBe(BOOKINGS)
  expect(new Set([...promised.values()].map((one) => one.booking_id)).size).toBe(BOOKINGS)
  // A promise made to a process that died before recording it is requested again and returns the same promise.
  expect([...promised.values()].some((one) => one.asked > 1)).toBe(true)
  const [total] = await fixture.owner.query(
    `select count(*)::int as cancelled, sum(c.refund_amount)::int as refunded
     from booking.bookings b join booking.cancellations c using (booking_id)
     where b.status = 'cancelled' and c.cancelled_at is not null and c.refunded_at is not null`,
  )
  expect(total).toEqual({ cancelled: BOOKINGS, refunded: (BOOKINGS / 2) * PRICE })
  expect(await fixture.published('booking.cancelled')).toHaveLength(BOOKINGS)
  expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
})
