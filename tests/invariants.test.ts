import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { checkInvariants } from '../apps/server/integrity.ts'
import { productInvariants } from '../apps/server/invariants.ts'
import { openProduct, type TestProduct } from './product.ts'
import { admin, type Booking, buy, hold, type Onsale, type Person, putOnSale, register } from './theatre.ts'

/** What must hold between contexts, each with a violation planted that no code of ours could make. */
let product: TestProduct
let onsale: Onsale
let buyer: Person
let booking: Booking

beforeAll(async () => {
  product = await openProduct()
  onsale = await putOnSale(product.client)
  buyer = await register(product.client)
  booking = await buy(product.client, buyer.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  await hold(product.client, buyer.token, onsale.performance_id, { seat_ids: ['A-3'] })
  await product.settle()
})
afterAll(() => product[Symbol.asyncDispose]())

/** News may be on its way for half a minute: everything is made to have happened longer ago. */
const AGED = [
  `update booking.booking_log set at = at - interval '1 hour'`,
  `update ticketing.tickets set issued_at = issued_at - interval '1 hour'`,
  `update payment.payments set succeeded_at = succeeded_at - interval '1 hour'`,
]

const plants: readonly (readonly [id: string, ...statements: string[]])[] = [
  ['I7-tickets', `delete from ticketing.tickets where position = 2`],
  ['I7-tickets', `delete from ticketing.tickets`],
  ['I7-tickets', `update ticketing.tickets set booking_id = 'bk_another'`],
  ['I7-bookings', `update booking.bookings set status = 'cancelled' where payment_id is not null`],
  ['I7-bookings', `update ticketing.tickets set booking_id = 'bk_~'`],
  ['I7-bookings', `delete from booking.bookings`],
  ['I8', `update payment.payments set captured = captured - 1`],
  ['I8', `delete from payment.payments`],
  ['I8-settled', `update payment.payments set settlement = 'seats-gone'`],
  ['I5', `update payment.payments set settlement = 'seats-gone'`],
  ['I5', `delete from booking.bookings`],
  ['I5', `update payment.payments set booking_id = 'bk_~'`],
  [
    'I31',
    `update booking.performances set status = 'cancelled'`,
    `update catalog.events set status = 'cancelled', cancelled_at = now() - interval '11 minutes'`,
  ],
  [
    'I31',
    `update booking.performances set status = 'cancelled'`,
    `update catalog.events set status = 'cancelled', cancelled_at = now() - interval '11 minutes'`,
    `update booking.bookings set status = 'cancelled'`,
    `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor)
     select 'cxl_planted', booking_id, 'event-cancelled', 100, 'test' from booking.bookings where payment_id is not null`,
  ],
  [
    'I31-promise',
    `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, cancelled_at, refunded_at)
     select 'cxl_planted', booking_id, 'buyer', 100, 'test', 1, now(), now() from booking.bookings where payment_id is not null`,
  ],
  [
    'I31-promise',
    `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, cancelled_at, refunded_at)
     values ('cxl_planted', 'bk_none', 'buyer', 100, 'test', 1, now(), now())`,
  ],
  [
    'I31-full',
    `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, refund_amount, cancelled_at, refunded_at)
     select 'cxl_planted', booking_id, 'event-cancelled', 100, 'test', 1, now(), now() from booking.bookings where payment_id is not null`,
  ],
  [
    'I31-completed',
    `insert into booking.cancellations (cancellation_id, booking_id, reason, refund_percent, actor, requested_at)
     select 'cxl_planted', booking_id, 'buyer', 100, 'test', now() - interval '11 minutes' from booking.bookings where payment_id is not null`,
  ],
  ['I20', `delete from checkin.tickets`],
  ['I20', `update ticketing.tickets set status = 'void', voided_at = issued_at`],
  ['I21', `update realtime.seat_states set seats = set_byte(seats, 0, 0)`],
  // A seat that is shown as free, one that is shown as taken, a counter, and states or claims without the other.
  ['I21', `update realtime.seat_states set seats = set_byte(seats, 2, 0)`],
  ['I21', `update realtime.seat_states set seats = seats || decode('01', 'hex')`],
  ['I21', `update booking.quotas set held = held + 1`],
  ['I21', `delete from realtime.seat_states`],
  ['I21', `delete from booking.seat_claims`],
  ['I29-product', `update ticketing.tickets set organization_id = 'org_of_another'`],
  ['I29-product', `update payment.payments set organization_id = 'org_of_another'`],
  [
    'I19',
    `insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, error)
     values ('ticketing.issue', gen_random_uuid(), 'booking', 'booking.confirmed', 'k', '{}', 'it would not go')`,
  ],
]

test('each invariant of the product has a planted violation, and each id is its own', () => {
  expect(new Set(plants.map(([id]) => id))).toEqual(new Set(productInvariants.map((one) => one.id)))
  const ids = product.product.invariants.map((one) => one.id)
  expect(ids.length).toBeGreaterThan(30)
  expect([...new Set(ids)]).toEqual(ids)
})

test('a sound product shows no violation, also when all of it is an hour old', async () => {
  expect(await product.violations()).toEqual([])
  expect(await violatedAfter(AGED)).toEqual([])
})

test.each(plants)('%s notices its planted violation, in slices and whole: %s', async (id, ...statements) => {
  expect(await violatedAfter([...AGED, ...statements])).toContain(id)
})

test('an admin asks for them all; nobody else is told', async () => {
  const { token } = await admin(product.client, product.product.people)
  const { body } = await product.client.expect<Awaited<ReturnType<typeof checkInvariants>>>(
    200,
    'GET',
    '/admin/integrity',
    { as: token },
  )
  expect(body.invariants.map((one) => one.id)).toEqual(product.product.invariants.map((one) => one.id))
  expect(body.invariants.filter((one) => one.violations > 0)).toEqual([])
  await product.client.expect(403, 'GET', '/admin/integrity', { as: buyer.token })
  await product.client.expect(401, 'GET', '/admin/integrity')
  expect(booking.tickets).toHaveLength(2)
})

test('those who ask while a check runs are answered by one', async () => {
  const { token } = await admin(product.client, product.product.people)
  const ask = () =>
    product.client.expect<Awaited<ReturnType<typeof checkInvariants>>>(200, 'GET', '/admin/integrity', { as: token })
  const answers = await Promise.all([ask(), ask(), ask(), ask()])
  expect(new Set(answers.map(({ body }) => body.checked_at)).size).toBeLessThanOrEqual(2)
})

/** The invariants that are violated, in slices as whole, after these statements, which are then taken back. */
async function violatedAfter(statements: readonly string[]): Promise<string[]> {
  const taken_back = new Error('taken back')
  let violated: string[] = []
  await product.product.owner
    .transaction(async (tx) => {
      // Constraints and triggers would refuse most plants.
      await tx.query(`set local session_replication_role = 'replica'`)
      for (const statement of statements) await tx.query(statement)
      await tx.query('set local role tessera_auditor')
      violated = Object.keys(await violationsEitherWay(tx, productInvariants))
      throw taken_back
    })
    .catch((error: unknown) => {
      if (error !== taken_back) throw error
    })
  return violated
}
