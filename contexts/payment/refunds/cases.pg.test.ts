import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkInvariant } from '#platform/invariants'
import { type Fixture, ORGANIZER, openFixture, STRANGER } from '../fixture.ts'
import { invariants } from '../invariants.ts'
import { rpc } from '../rpc.ts'

/** Refunds that the provider accepted and the buyer's bank returned days later. */
let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

let cancellations = 0

/** A paid booking that was cancelled, and whose refund came back. */
async function returned() {
  const { booking, payment_id } = await fixture.pay(undefined, 'pm_card_refundFail')
  const { refund_booking } = rpc(fixture.context.deps)
  await refund_booking({
    booking_id: booking.id,
    cancellation_id: `cxl_returned_${++cancellations}`,
    percent: 50,
    reason: 'cancellation',
  })
  await fixture.drained()
  return { booking, payment_id, refund_id: (await refundOf(booking.id))?.id ?? '' }
}

const refundOf = async (booking_id: string) =>
  (await rpc(fixture.context.deps).payments_of({ booking_ids: [booking_id] }))[0]?.refunds[0]

const resolve = (payment_id: string, body: object, as = ORGANIZER) =>
  fixture.call(as, 'POST', `/api/v1/payments/${payment_id}/refund-cases`, body)

const casesOf = async (event_id: string) =>
  ((await fixture.call(ORGANIZER, 'GET', `/api/v1/events/${event_id}/refund-cases`)).body as { items?: object[] }).items

async function violations(id: string): Promise<number> {
  const invariant = invariants.find((one) => one.id === id)
  if (invariant === undefined) throw new Error(`There is no ${id}`)
  return checkInvariant(fixture.context.auditor, invariant)
}

test('a returned refund is shown to buyer and organizer and in the invariants until it is refunded elsewhere', async () => {
  const { booking, payment_id, refund_id } = await returned()
  expect(await refundOf(booking.id)).toMatchObject({ state: 'returned', amount: money(2_400, 'USD') })
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', refunded: 0, refund_pending: 0 })
  expect(await casesOf(booking.event_id)).toMatchObject([
    { refund_id, payment_id, booking_id: booking.id, amount: money(2_400, 'USD'), reason: 'cancellation' },
  ])
  expect(await violations('I11-cases')).toBe(1)
  expect((await resolve(payment_id, { refund_id, how: 'refunded_elsewhere' }, STRANGER)).status).toBe(403)
  expect((await resolve(payment_id, { refund_id: 'ref_other', how: 'retry' })).status).toBe(409)

  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      resolve(payment_id, { refund_id, how: 'refunded_elsewhere', note: 'Bank transfer' }),
    ),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array<number>(7).fill(409)])
  expect(await refundOf(booking.id)).toMatchObject({ state: 'refunded_elsewhere' })
  expect(await violations('I11-cases')).toBe(0)
  expect(await casesOf(booking.event_id)).toEqual([])
})

test('a retry asks the provider anew and is booked as a movement of its own; returned again, it is a case again', async () => {
  const { booking, payment_id, refund_id } = await returned()
  const first_ref = await providerRef(refund_id)
  expect((await resolve(payment_id, { refund_id, how: 'retry' })).status).toBe(200)
  expect(await providerRef(refund_id)).not.toBe(first_ref)
  await fixture.drained()
  // It came back a second time: a case of its own.
  expect(await refundOf(booking.id)).toMatchObject({ state: 'returned' })
  expect(await fixture.row(payment_id)).toMatchObject({ refunded: 0, refund_pending: 0 })
  expect(await kindsOf(payment_id)).toEqual([
    'capture',
    'provider-fee',
    'refund',
    'refund',
    'refund-returned',
    'refund-returned',
  ])
  expect((await resolve(payment_id, { refund_id, how: 'refunded_elsewhere' })).status).toBe(200)
})

test('a retry is refused when the money has gone another way', async () => {
  const { payment_id, refund_id } = await returned()
  const rest = { amount: money(4_000, 'USD'), reason: 'By hand' }
  await fixture.call(ORGANIZER, 'POST', `/api/v1/payments/${payment_id}/refund`, rest, 'by hand')
  expect((await resolve(payment_id, { refund_id, how: 'retry' })).status).toBe(409)
  expect((await resolve(payment_id, { refund_id, how: 'refunded_elsewhere' })).status).toBe(200)
  await fixture.drained()
  const by_hand = await fixture.context.owner.query<{ id: string }>(
    `select id from payment.refunds where payment_id = $1 and status = 'failed' and reason = 'requested'`,
    [payment_id],
  )
  expect((await resolve(payment_id, { refund_id: by_hand[0]?.id, how: 'refunded_elsewhere' })).status).toBe(200)
})

test('money that bought nothing and comes back is owed to the organizer again in the books', async () => {
  const gone = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(gone)).body
  fixture.bookings.get(gone.id).resold = true
  await fixture.confirm(gone, payment_id, 'pm_card_refundFail')
  await fixture.drained()
  expect(await kindsOf(payment_id)).toEqual(['capture', 'late-refund', 'late-refund-returned', 'provider-fee'])
  const [late] = await fixture.context.owner.query<{ id: string }>(
    'select id from payment.refunds where payment_id = $1',
    [payment_id],
  )
  expect((await resolve(payment_id, { refund_id: late?.id, how: 'refunded_elsewhere' })).status).toBe(200)
})

async function providerRef(refund_id: string): Promise<string | null | undefined> {
  const [row] = await fixture.context.owner.query<{ provider_ref: string | null }>(
    'select provider_ref from payment.refunds where id = $1',
    [refund_id],
  )
  return row?.provider_ref
}

async function kindsOf(payment_id: string): Promise<string[]> {
  const rows = await fixture.context.owner.query<{ kind: string }>(
    'select kind from payment.ledger_journals where payment_id = $1 order by kind',
    [payment_id],
  )
  return rows.map((row) => row.kind)
}
