import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import type { PromisedRefund } from '@tessera/contracts/rpc/payment'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { cancel as cancelAs, resumeCancellations } from './cancel.ts'
import { cancelEventBookings } from './cancel-event.ts'
import { type Fixture, holdAs, openFixture, performance } from './fixture.ts'
import { jobs } from './jobs.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
/** What the other contexts answer, and what they were asked. */
const neighbours = {
  admitted: [] as string[],
  refunds: [] as { percent: number; reason: string }[],
  /** The cancellations that previews named. */
  previews: [] as (string | null)[],
  payment_down: false,
  /** Bookings whose refunds payment always rejects. */
  failing: new Set<string>(),
  refused: 0,
  /** The bank has the payment in dispute. */
  disputed: false,
}

function promised(percent: number): PromisedRefund {
  const amount = (2_500 * percent) / 100
  return { refund: amount === 0 ? null : money(amount, 'EUR'), waits_for_dispute: neighbours.disputed && amount > 0 }
}

beforeAll(async () => {
  fixture = await openFixture({
    rpc: {
      ticketing: {
        tickets_of: async ({ booking_id }) => [
          { id: `tkt_of_${booking_id}`, seat_id: 'A-1', tier_id: 't', status: 'active' as const },
        ],
        door_ticket: async () => null,
        code_keys: async () => [],
      },
      checkin: {
        revoke: async ({ ticket_ids }) => {
          const inside = ticket_ids.filter((id) => neighbours.admitted.includes(id))
          return inside.length > 0 ? { kind: 'admitted' as const, ticket_ids: inside } : { kind: 'revoked' as const }
        },
        used: async ({ ticket_ids }) => ticket_ids.filter((id) => neighbours.admitted.includes(id)),
      },
      payment: {
        charge_limits: async () => CHARGE_LIMITS,
        payments_of: async () => [],
        refund_preview: async ({ percent, cancellation_id }) => {
          neighbours.previews.push(cancellation_id)
          return promised(percent)
        },
        refund_booking: async ({ booking_id, percent, reason }) => {
          if (neighbours.failing.has(booking_id)) neighbours.refused++
          if (neighbours.payment_down || neighbours.failing.has(booking_id)) throw new Error('payment is away')
          neighbours.refunds.push({ percent, reason })
          return promised(percent)
        },
        refund_bookings: async ({ requests }) =>
          requests.map(({ percent, reason }) => {
            neighbours.refunds.push({ percent, reason })
            return promised(percent)
          }),
      },
    },
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())
beforeEach(() => {
  neighbours.admitted = []
  neighbours.refunds = []
  neighbours.previews = []
  neighbours.payment_down = false
  neighbours.failing.clear()
  neighbours.refused = 0
  neighbours.disputed = false
})

async function confirmed(
  over: Parameters<typeof performance>[0] = {},
): Promise<{ booking_id: string; user: string; performance_id: string; event_id: string }> {
  const { performance_id, event_id } = await fixture.open(performance(over))
  const user = newId('usr')
  const answer = await holdAs(fixture, { performance_id, seat_ids: ['A-1'] }, { user })
  const { booking_id } = answer.body as { booking_id: string }
  await rpc(fixture.deps).settle_paid({
    booking_id,
    payment_id: newId('pay'),
    amount: money(2_500, 'EUR'),
    holder: null,
  })
  return { booking_id, user, performance_id, event_id }
}

const cancel = (booking_id: string, user: string, query = '') =>
  fixture.call('DELETE', `/api/v1/bookings/${booking_id}${query}`, { as: asPrincipal(user) })

test('a cancellation refunds what the policy promises, as previewed, and frees the seat', async () => {
  const { booking_id, user, performance_id } = await confirmed()
  expect((await cancel(booking_id, user, '?preview=true')).body).toEqual({
    id: booking_id,
    status: 'confirmed',
    refund: money(1_250, 'EUR'),
  })
  expect(neighbours.refunds).toEqual([])
  expect((await cancel(booking_id, user)).body).toEqual({
    id: booking_id,
    status: 'cancelled',
    refund: money(1_250, 'EUR'),
  })
  expect(neighbours.refunds).toEqual([{ percent: 50, reason: 'cancellation' }])
  expect((await cancel(booking_id, user)).body).toEqual({
    id: booking_id,
    status: 'cancelled',
    refund: money(1_250, 'EUR'),
  })
  expect(neighbours.refunds).toHaveLength(1)
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })).status).toBe(201)
})

test('eight requests to cancel at once are one cancellation', async () => {
  const { booking_id, user } = await confirmed()
  const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(booking_id, user)))
  expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200))
  const [log] = await fixture.owner.query<{ steps: number }>(
    `select count(*)::int as steps from booking.booking_log where booking_id = $1 and to_status = 'cancelled'`,
    [booking_id],
  )
  expect(log?.steps).toBe(1)
})

test('a ticket that was admitted cannot be cancelled: the preview refuses it too, and nothing changes', async () => {
  const { booking_id, user } = await confirmed()
  neighbours.admitted = [`tkt_of_${booking_id}`]
  const shown = await cancel(booking_id, user, '?preview=true')
  expect([shown.status, (shown.body as { type: string }).type]).toEqual([409, '/problems/already-admitted'])
  const refused = await cancel(booking_id, user)
  expect([refused.status, (refused.body as { type: string }).type]).toEqual([409, '/problems/already-admitted'])
  const [left] = await fixture.owner.query<{ intentions: number }>(
    'select count(*)::int as intentions from booking.cancellations where booking_id = $1',
    [booking_id],
  )
  expect(left?.intentions).toBe(0)
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).body).toMatchObject({
    status: 'confirmed',
  })
})

test('a cancellation that another request withdraws cancels nothing, although its own saw no ticket used', async () => {
  const { booking_id, user } = await confirmed()
  const { checkin } = fixture.deps.rpc
  // The first request finds no ticket to revoke, because none is issued yet; before it goes on, one is issued and used.
  const revoke: typeof checkin.revoke = async () => {
    neighbours.admitted = [`tkt_of_${booking_id}`]
    const second = await cancel(booking_id, user)
    expect([second.status, (second.body as { type: string }).type]).toEqual([409, '/problems/already-admitted'])
    return { kind: 'revoked' }
  }
  const first = { ...fixture.deps, rpc: { ...fixture.deps.rpc, checkin: { ...checkin, revoke } } }
  expect(await cancelAs(first, { booking_id, actor: user })).toEqual({ kind: 'already-admitted' })
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).body).toMatchObject({
    status: 'confirmed',
  })
  expect(neighbours.refunds).toEqual([])
})

test.each(['admitted', 'revoked'] as const)(
  'of three requests to cancel a used ticket none cancels by the intention of another (the first heard: %s)',
  async (heard) => {
    const { booking_id, user } = await confirmed()
    const { checkin } = fixture.deps.rpc
    const revoke: typeof checkin.revoke = async ({ ticket_ids }) => {
      neighbours.admitted = [`tkt_of_${booking_id}`]
      // A second request withdraws what this one and it have intended; a third intends anew.
      expect((await cancel(booking_id, user)).status).toBe(409)
      await fixture.owner.query(
        `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
         values ($1, $2, 'buyer', 50, $3)`,
        [newId('cxl'), booking_id, user],
      )
      return heard === 'admitted' ? { kind: 'admitted', ticket_ids } : { kind: 'revoked' }
    }
    const first = { ...fixture.deps, rpc: { ...fixture.deps.rpc, checkin: { ...checkin, revoke } } }
    expect(await cancelAs(first, { booking_id, actor: user })).toEqual({ kind: 'already-admitted' })
    expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).body).toMatchObject(
      {
        status: 'confirmed',
      },
    )
    expect(neighbours.refunds).toEqual([])
    await fixture.owner.query('delete from booking.cancellations where booking_id = $1', [booking_id])
  },
)

test('another user cannot see, release or cancel a booking', async () => {
  const { booking_id } = await confirmed()
  expect((await cancel(booking_id, newId('usr'))).status).toBe(404)
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(newId('usr')) })).status).toBe(
    404,
  )
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`)).status).toBe(404)
})

test('the order link shows its own order and no other', async () => {
  const { booking_id, user } = await confirmed()
  const own = await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
  const { access_token, order_url } = own.body as { access_token: string; order_url: string }
  expect(order_url).toContain(access_token)
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}?access=${access_token}`)).status).toBe(200)
  expect(
    (
      await fixture.call(
        'GET',
        `/api/v1/bookings/${booking_id}?access=${access_token.startsWith('A') ? 'B' : 'A'}${access_token.slice(1)}`,
      )
    ).status,
  ).toBe(404)
  const other = await confirmed()
  expect((await fixture.call('GET', `/api/v1/bookings/${other.booking_id}?access=${access_token}`)).status).toBe(404)
})

test('an order link ends when its owner revokes it, and some time after the performance', async () => {
  const { booking_id, user } = await confirmed()
  const path = `/api/v1/bookings/${booking_id}`
  const tokenNow = async () =>
    (await fixture.call('GET', path, { as: asPrincipal(user) })).body as { access_token?: string }
  const opens = async (token?: string) => (await fixture.call('GET', `${path}?access=${token}`)).status
  const { access_token: first } = await tokenNow()
  expect((await fixture.call('DELETE', `${path}/link`, { as: asPrincipal(newId('usr')) })).status).toBe(404)
  expect((await fixture.call('DELETE', `${path}/link`, { as: asPrincipal(user) })).status).toBe(204)
  const { access_token: second } = await tokenNow()
  expect([second === first, await opens(first), await opens(second)]).toEqual([false, 404, 200])
  await fixture.call('DELETE', `${path}/link`, { as: asPrincipal(user) })
  const { access_token: third } = await tokenNow()
  expect([await opens(first), await opens(second), await opens(third)]).toEqual([404, 404, 200])
  await fixture.deps.db.query(
    `update booking.performances p set end_time = now() - interval '31 days'
     from booking.bookings b where b.performance_no = p.performance_no and b.booking_id = $1`,
    [booking_id],
  )
  expect(await opens(third)).toBe(404)
  expect(await tokenNow()).not.toHaveProperty('access_token')
})

test('an interrupted cancellation is completed', async () => {
  const { booking_id, user } = await confirmed()
  neighbours.payment_down = true
  expect((await cancel(booking_id, user)).status).toBe(503)
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).body).toMatchObject({
    status: 'cancelled',
  })
  neighbours.payment_down = false
  await fixture.owner.query(
    `update booking.cancellations set next_try_at = now() - interval '1 minute' where booking_id = $1`,
    [booking_id],
  )
  await resumeCancellations(fixture.deps)
  expect(neighbours.refunds).toEqual([{ percent: 50, reason: 'cancellation' }])
})

test('cancellations that always fail are retried with growing delays and do not delay others: fifty before one that succeeds', async () => {
  const { performance_id } = await fixture.open(performance())
  const bookings = await Promise.all(
    Array.from({ length: 51 }, async (_, i) => {
      const seat_ids = [`${'ABC'[Math.floor(i / 20)]}-${(i % 20) + 1}`]
      const user = newId('usr')
      const { booking_id } = (await holdAs(fixture, { performance_id, seat_ids }, { user })).body as {
        booking_id: string
      }
      const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null }
      await rpc(fixture.deps).settle_paid({ booking_id, ...payment })
      return { booking_id, user }
    }),
  )
  neighbours.payment_down = true
  for (const { booking_id, user } of bookings) expect((await cancel(booking_id, user)).status).toBe(503)
  neighbours.payment_down = false
  const [last, ...failing] = bookings.map((one) => one.booking_id).reverse()
  neighbours.failing = new Set(failing)
  await fixture.owner.query(
    `update booking.cancellations set next_try_at = now() - interval '1 hour' + n * interval '1 second',
       requested_at = now() - interval '1 hour' + n * interval '1 second'
     from unnest($1::text[]) with ordinality as t (id, n) where booking_id = id`,
    [[...failing, last]],
  )
  // A run is bounded in time; a few runs are enough on any machine.
  for (let run = 0; run < 20 && neighbours.refused < 50; run++) await resumeCancellations(fixture.deps)
  await resumeCancellations(fixture.deps)
  const refunded =
    'select booking_id from booking.cancellations where booking_id = any ($1) and refunded_at is not null'
  expect(await fixture.owner.query(refunded, [[...failing, last]])).toEqual([{ booking_id: last }])
  expect(neighbours.refused).toBe(50)
  const [backed_off] = await fixture.owner.query(
    'select min(tries) as tries, min(next_try_at) > now() as later from booking.cancellations where booking_id = any ($1)',
    [failing],
  )
  expect(backed_off).toEqual({ tries: 1, later: true })
})

test("event cancellations are a job of their own: no buyer's cancellation holds them up", async () => {
  const names = jobs(fixture.deps).map((job) => job.name)
  expect(names).toEqual(expect.arrayContaining(['booking.resume-cancellations', 'booking.cancel-events']))
})

test('the preview of a cancellation under way names it, so that payment returns what it has promised already', async () => {
  const { booking_id, user } = await confirmed()
  await cancel(booking_id, user, '?preview=true')
  neighbours.payment_down = true
  await cancel(booking_id, user)
  expect((await cancel(booking_id, user, '?preview=true')).body).toMatchObject({ refund: money(1_250, 'EUR') })
  const [row] = await fixture.owner.query<{ cancellation_id: string }>(
    'select cancellation_id from booking.cancellations where booking_id = $1',
    [booking_id],
  )
  expect(neighbours.previews).toEqual([null, row?.cancellation_id])
})

test('a cancelled event sells nothing more and refunds everyone in full', async () => {
  const { booking_id, performance_id, event_id, user } = await confirmed()
  await fixture.deliver('catalog.event_cancelled', event_id, {
    event_id,
    organization_id: 'org',
    performance_ids: [performance_id],
  })
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-2'] })).status).toBe(422)
  await cancelEventBookings(fixture.deps)
  expect(neighbours.refunds).toContainEqual({ percent: 100, reason: 'event-cancelled' })
  expect((await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).body).toMatchObject({
    status: 'cancelled',
  })
})
