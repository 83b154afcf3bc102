import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import type { PromisedRefund } from '@tessera/contracts/rpc/payment'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
/** Payment: whether it answers, and the percentages that it was asked to refund. */
const payment = { down: false, percents: [] as number[] }

function promised(percent: number): PromisedRefund {
  const amount = (2_500 * percent) / 100
  return { refund: amount === 0 ? null : money(amount, 'EUR'), waits_for_dispute: false }
}

beforeAll(async () => {
  fixture = await openFixture({
    rpc: {
      payment: {
        charge_limits: async () => CHARGE_LIMITS,
        payments_of: async () => [],
        refund_preview: async ({ percent }) => promised(percent),
        refund_booking: async ({ percent }) => {
          if (payment.down) throw new Error('payment is away')
          payment.percents.push(percent)
          return promised(percent)
        },
        refund_bookings: async () => [],
      },
    },
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())
beforeEach(() => {
  payment.down = false
  payment.percents = []
})

async function confirmed(over: Parameters<typeof performance>[0] = {}, what: object = { seat_ids: ['A-1'] }) {
  const { performance_id } = await fixture.open(performance(over))
  const user = newId('usr')
  const answer = await holdAs(fixture, { performance_id, ...what }, { user })
  const { booking_id } = answer.body as { booking_id: string }
  await rpc(fixture.deps).settle_paid({
    booking_id,
    payment_id: newId('pay'),
    amount: money(2_500, 'EUR'),
    holder: null,
  })
  return { booking_id, user, performance_id }
}

const cancel = (booking_id: string, user: string, query = '') =>
  fixture.call('DELETE', `/api/v1/bookings/${booking_id}${query}`, { as: asPrincipal(user) })

const FULL = [{ hours_before: 24, percent: 100 }]
const NOTHING = [{ hours_before: 0, percent: 0 }]
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const at = (hours: number) => ({ start_time: inHours(hours), end_time: inHours(hours + 2) })

test.each([
  ['the policy is taken back', { refund_policy: FULL, ...at(1_440) }, { refund_policy: NOTHING, ...at(1_440) }, 2_500],
  ['the show is moved to tomorrow', { refund_policy: FULL, ...at(1_440) }, { refund_policy: FULL, ...at(20) }, 2_500],
  [
    'the policy becomes generous',
    { refund_policy: NOTHING, ...at(1_440) },
    { refund_policy: FULL, ...at(1_440) },
    2_500,
  ],
  ['the show is postponed', { refund_policy: FULL, ...at(20) }, { refund_policy: FULL, ...at(1_440) }, 2_500],
  ['neither gives anything', { refund_policy: FULL, ...at(20) }, { refund_policy: NOTHING, ...at(1_440) }, 0],
])('the better of the terms at the hold and now is refunded: %s', async (_case, then, now, amount) => {
  const facts = performance(then)
  const general = { ...tier({ categories: null, quantity: 50 }), name: 'Standing' }
  const sold = { ...facts, tiers: [...facts.tiers, general] }
  const seat = await confirmed(sold)
  const standing = await confirmed(sold, { items: [{ tier_id: general.tier_id, quantity: 1 }] })
  await fixture.open({ ...sold, ...now, revision: 2 })
  for (const { booking_id, user } of [seat, standing]) {
    expect((await cancel(booking_id, user, '?preview=true')).body).toMatchObject({ refund: money(amount, 'EUR') })
    expect((await cancel(booking_id, user)).body).toMatchObject({ status: 'cancelled', refund: money(amount, 'EUR') })
  }
  expect(payment.percents).toEqual([amount / 25, amount / 25])
})

test('a hold under a limit per person has its terms too, and a booking that names no revision has the present ones', async () => {
  const limited = tier({ max_per_person: 4 })
  const { booking_id, user } = await confirmed({ refund_policy: FULL, ...at(1_440), tiers: [limited] })
  const [row] = await fixture.owner.query<{ revision: number | null }>(
    'select revision from booking.bookings where booking_id = $1',
    [booking_id],
  )
  expect(row).toEqual({ revision: 1 })
  await fixture.owner.query('update booking.bookings set revision = null where booking_id = $1', [booking_id])
  await fixture.owner.query(
    `update booking.performances set refund_policy = '[{"hours_before":0,"percent":40}]' where performance_no =
       (select performance_no from booking.bookings where booking_id = $1)`,
    [booking_id],
  )
  expect((await cancel(booking_id, user, '?preview=true')).body).toMatchObject({ refund: money(1_000, 'EUR') })
})

test('a booking is cancelled until its performance ends, and a cancellation recorded before is completed after', async () => {
  const running = await confirmed({ start_time: inHours(-1), end_time: inHours(1) })
  expect((await cancel(running.booking_id, running.user)).status).toBe(200)

  const begun = await confirmed()
  payment.down = true
  expect((await cancel(begun.booking_id, begun.user)).status).toBe(503)
  const over = await confirmed()
  await fixture.owner.query(
    `update booking.performances set start_time = now() - interval '3 h', end_time = now() where performance_id = any ($1)`,
    [[over.performance_id, begun.performance_id]],
  )
  payment.down = false
  expect((await cancel(begun.booking_id, begun.user)).status).toBe(200)
  for (const query of ['?preview=true', '']) {
    expect(await cancel(over.booking_id, over.user, query)).toMatchObject({
      status: 409,
      body: { type: '/problems/conflict', detail: expect.stringContaining('is over') },
    })
  }
  expect(
    (await fixture.call('GET', `/api/v1/bookings/${over.booking_id}`, { as: asPrincipal(over.user) })).body,
  ).toMatchObject({ status: 'confirmed' })
})
