import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import type { SettlementReason } from '@tessera/contracts/rpc/booking'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal, violationsOf } from '#platform/testing'
import { announceExpired } from './expire.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { invariants } from './invariants.ts'
import { rpc } from './rpc.ts'
import { openSettlements } from './settle.ts'

/** Why a payment found its seats gone: decided under the locks, recorded once, the same for every later caller. */
let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const WIDTH = 12
const PRICE = 2_500

async function held(performance_id: string, seat: string, user = newId('usr')): Promise<string> {
  const answer = await holdAs(fixture, { performance_id, seat_ids: [seat] }, { user })
  expect(answer.status).toBe(201)
  return (answer.body as { booking_id: string }).booking_id
}

/** Moves the expiry of a hold of seats, in its claims and its row, into the past. */
async function lapse(booking_id: string): Promise<void> {
  const past = `expires_at = now() - interval '1 s'`
  await fixture.owner.query(`update booking.bookings set ${past} where booking_id = $1`, [booking_id])
  await fixture.owner.query(`update booking.seat_claims set ${past} where holder_id = $1`, [booking_id])
  fixture.deps.availability.forget()
}

const cancel = (booking_id: string, user: string) =>
  fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
const change = (performance_id: string, set: string) =>
  fixture.owner.query(`update booking.performances set ${set} where performance_id = $1`, [performance_id])
const end = (performance_id: string) => change(performance_id, 'end_time = clock_timestamp()')

const pay = (booking_id: string, payment_id: string, deps = fixture.deps) =>
  rpc(deps).settle_paid({ booking_id, payment_id, amount: money(PRICE, 'EUR'), holder: null })

/** Asked by many at once, half of them in another process. */
function askedBy(booking_id: string, payment_id: string) {
  const elsewhere = { ...fixture.deps, settlements: openSettlements(fixture.deps) }
  return Array.from({ length: WIDTH }, (_, i) => pay(booking_id, payment_id, i % 2 === 0 ? fixture.deps : elsewhere))
}

type Case = {
  booking_id: string
  /** Takes the reason away; from then on another payment of the booking is answered with `otherwise`. */
  clear(): Promise<unknown>
  otherwise: object
}

const BOUGHT = { kind: 'confirmed' }
const OVER = { kind: 'seats-gone', reason: 'event_over' }

const CASES: Readonly<Record<SettlementReason, () => Promise<Case>>> = {
  taken: async () => {
    const { performance_id } = await fixture.open(performance())
    const booking_id = await held(performance_id, 'A-1')
    await lapse(booking_id)
    const other = newId('usr')
    const theirs = await held(performance_id, 'A-1', other)
    return { booking_id, clear: () => cancel(theirs, other), otherwise: BOUGHT }
  },
  person_limit: async () => {
    const { performance_id } = await fixture.open(performance({ tiers: [tier({ max_per_person: 1 })] }))
    const user = newId('usr')
    const booking_id = await held(performance_id, 'A-1', user)
    await lapse(booking_id)
    const again = await held(performance_id, 'A-2', user)
    return { booking_id, clear: () => cancel(again, user), otherwise: BOUGHT }
  },
  released: async () => {
    const { performance_id } = await fixture.open(performance())
    const user = newId('usr')
    const booking_id = await held(performance_id, 'A-1', user)
    await cancel(booking_id, user)
    return { booking_id, clear: () => end(performance_id), otherwise: OVER }
  },
  cancelled: async () => {
    const { performance_id } = await fixture.open(performance())
    const user = newId('usr')
    const booking_id = await held(performance_id, 'A-1', user)
    expect(await pay(booking_id, newId('pay'))).toMatchObject(BOUGHT)
    expect((await cancel(booking_id, user)).body).toMatchObject({ status: 'cancelled' })
    return { booking_id, clear: () => end(performance_id), otherwise: OVER }
  },
  event_cancelled: async () => {
    const { performance_id } = await fixture.open(performance())
    const booking_id = await held(performance_id, 'A-1')
    await change(performance_id, `status = 'cancelled'`)
    return { booking_id, clear: () => change(performance_id, `status = 'on_sale'`), otherwise: BOUGHT }
  },
  event_over: async () => {
    const { performance_id } = await fixture.open(performance())
    const booking_id = await held(performance_id, 'A-1')
    await end(performance_id)
    const extend = () => change(performance_id, `end_time = '2089-01-01T22:00:00Z'`)
    return { booking_id, clear: extend, otherwise: BOUGHT }
  },
}
const REASONS = Object.entries(CASES)

const recorded = (booking_id: string, payment_id: string) =>
  fixture.owner.query<object>(
    'select verdict, reason from booking.refused_settlements where booking_id = $1 and payment_id = $2',
    [booking_id, payment_id],
  )

test.each(REASONS)('%s: every caller hears the reason, also once it is no more', async (reason, arrange) => {
  const { booking_id, clear, otherwise } = await arrange()
  const payment_id = newId('pay')
  const refused = { kind: 'seats-gone', booking_id, reason, tickets_issued: false }
  expect(await Promise.all(askedBy(booking_id, payment_id))).toEqual(Array(WIDTH).fill(refused))
  expect(await recorded(booking_id, payment_id)).toEqual([{ verdict: 'seats-gone', reason }])
  await clear()
  expect(await Promise.all(askedBy(booking_id, payment_id))).toEqual(Array(WIDTH).fill(refused))
  expect(await pay(booking_id, newId('pay'))).toMatchObject(otherwise)
  expect(await pay(booking_id, payment_id)).toEqual(refused)
})

test.each(REASONS)('negative control: %s is heard no more where it was not recorded', async (reason, arrange) => {
  const { booking_id, clear, otherwise } = await arrange()
  const payment_id = newId('pay')
  expect(await pay(booking_id, payment_id)).toMatchObject({ kind: 'seats-gone', reason })
  await clear()
  await fixture.owner.query('delete from booking.refused_settlements where payment_id = $1', [payment_id])
  expect(await pay(booking_id, payment_id)).toMatchObject(otherwise)
})

test.each(REASONS)(
  '%s goes away while many ask: all hear one answer, and it is the recorded one',
  async (_r, arrange) => {
    for (let round = 0; round < 4; round++) {
      const { booking_id, clear } = await arrange()
      const payment_id = newId('pay')
      const first = askedBy(booking_id, payment_id)
      const cleared = clear()
      const answers = await Promise.all([...first, ...askedBy(booking_id, payment_id)])
      await cleared
      const [row] = await recorded(booking_id, payment_id)
      const heard = new Set(
        answers.map((answer) => (answer.kind === 'seats-gone' ? `${answer.kind} ${answer.reason}` : 'confirmed')),
      )
      const kept = row as { verdict: string; reason: string } | undefined
      expect([...heard]).toEqual([kept === undefined ? 'confirmed' : `${kept.verdict} ${kept.reason}`])
    }
    await announceExpired(fixture.deps, null)
    expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
  },
)

test('what is true of the event comes before what is true of the booking', async () => {
  const { performance_id } = await fixture.open(performance())
  const user = newId('usr')
  const let_go = await held(performance_id, 'A-1', user)
  await cancel(let_go, user)
  const late = await held(performance_id, 'A-2')
  await lapse(late)
  await held(performance_id, 'A-2')
  await end(performance_id)
  for (const booking_id of [let_go, late]) expect(await pay(booking_id, newId('pay'))).toMatchObject(OVER)
  await change(performance_id, `status = 'cancelled'`)
  for (const booking_id of [let_go, late])
    expect(await pay(booking_id, newId('pay'))).toMatchObject({ kind: 'seats-gone', reason: 'event_cancelled' })
})

test('a refusal from before reasons were recorded stands without one; a new one cannot', async () => {
  const { performance_id } = await fixture.open(performance())
  const booking_id = await held(performance_id, 'A-1')
  const payment_id = newId('pay')
  const refuse = () =>
    fixture.owner.query(
      `insert into booking.refused_settlements (booking_id, payment_id, verdict) values ($1, $2, 'seats-gone')`,
      [booking_id, payment_id],
    )
  await expect(refuse()).rejects.toThrow(/seats_gone_for_a_reason/)
  await fixture.owner.query('alter table booking.refused_settlements drop constraint seats_gone_for_a_reason')
  await refuse()
  await fixture.owner.query(
    `alter table booking.refused_settlements add constraint seats_gone_for_a_reason
     check ((verdict = 'seats-gone') = (reason is not null)) not valid`,
  )
  expect(await pay(booking_id, payment_id)).toMatchObject({ kind: 'seats-gone', reason: null })
})

test('a free booking that can be confirmed no more says why, beside the problem it always had', async () => {
  const free = tier({ price: money(0, 'EUR') })
  const { performance_id } = await fixture.open(performance({ tiers: [free] }))
  const user = newId('usr')
  const booking_id = await held(performance_id, 'A-1', user)
  await end(performance_id)
  const answer = await fixture.call('POST', '/api/v1/bookings/confirm', {
    as: asPrincipal(user),
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: { booking_id },
  })
  expect([answer.status, answer.body]).toMatchObject([
    410,
    { type: '/problems/hold-expired', detail: 'This performance is over.' },
  ])
})
