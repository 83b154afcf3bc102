import { money } from '@tessera/contracts/money'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { ADMIN, type Fixture, ORGANIZER, openFixture, STRANGER } from '../fixture.ts'
import { rpc } from '../rpc.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(async () => {
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.drained()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

let keys = 0
const SETTLED = {
  id: expect.any(String),
  state: 'succeeded',
  created_at: expect.any(String),
  settled_at: expect.any(String),
}
const refund = (payment_id: string, body: object = {}, key = `refund-${++keys}`, as = ORGANIZER) =>
  fixture.call(as, 'POST', `/api/v1/payments/${payment_id}/refund`, { reason: 'They asked nicely', ...body }, key)
const usd = (amount: number) => ({ amount: money(amount, 'USD') })
const told = async (payment_id: string) =>
  (await fixture.context.published('payment.refunded'))
    .filter((event) => event.key === payment_id)
    .map((event) => event.payload)

test('a payment is refunded in part, then the rest; more than is left is refused', async () => {
  const { payment_id } = await fixture.pay()
  const part = await refund(payment_id, usd(1_800))
  expect(part.status).toBe(200)
  expect(part.body).toMatchObject({
    payment_id,
    status: 'succeeded',
    amount: money(1_800, 'USD'),
    reason: 'They asked nicely',
    payment: { status: 'partially_refunded', refunded: money(1_800, 'USD') },
  })
  const much = await refund(payment_id, usd(3_001))
  expect([much.status, much.body]).toMatchObject([422, { type: '/problems/refund-refused' }])
  expect((await refund(payment_id)).body).toMatchObject({
    amount: money(3_000, 'USD'),
    payment: { status: 'refunded' },
  })
  expect((await refund(payment_id)).status).toBe(422)
  expect(await told(payment_id)).toMatchObject([
    { amount: money(1_800, 'USD'), reason: 'requested' },
    { amount: money(3_000, 'USD'), reason: 'requested' },
  ])
})

test('refusals in order: no key, no right anywhere, not theirs, unpaid, nonsense', async () => {
  const { payment_id } = await fixture.pay()
  const url = `/api/v1/payments/${payment_id}/refund`
  expect((await fixture.call(ORGANIZER, 'POST', url, { reason: 'x' })).status).toBe(428)
  expect((await refund(payment_id, {}, 'k', STRANGER)).status).toBe(403)
  expect((await refund('pay_unknown')).status).toBe(404)
  expect((await fixture.call(ORGANIZER, 'POST', url, {}, 'k')).status).toBe(400)
  const elsewhere = await fixture.pay(fixture.bookings.add({ organization_id: 'org_of_others' }))
  expect((await refund(elsewhere.payment_id)).status).toBe(404)
  expect((await refund(elsewhere.payment_id, {}, 'by admin', ADMIN)).status).toBe(200)
  const unpaid = (await fixture.intent(fixture.bookings.add())).body
  expect((await refund(unpaid.payment_id)).status).toBe(422)
  for (const amount of [money(0, 'USD'), money(-1, 'USD'), money(1, 'EUR')]) {
    expect((await refund(payment_id, { amount })).status).toBe(422)
  }
})

test('the same key refunds once, also twenty-four times at once; another body is refused', async () => {
  const { payment_id } = await fixture.pay()
  const answers = await Promise.all(Array.from({ length: 24 }, () => refund(payment_id, usd(100), 'one refund')))
  expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1)
  expect((await refund(payment_id, usd(200), 'one refund')).status).toBe(422)
  expect(await fixture.row(payment_id)).toMatchObject({ refunded: 100, refund_pending: 0 })
  const other = await fixture.pay()
  expect((await refund(other.payment_id, usd(100), 'one refund')).status).toBe(200)
})

test('what the provider refuses is free again', async () => {
  const { payment_id } = await fixture.pay(undefined, 'pm_card_createDispute')
  // The dispute is known to the provider before its webhook reaches us.
  await fixture.context.owner.query(
    `update payment.payments set status = 'succeeded' where id = $1 and status = 'disputed'`,
    [payment_id],
  )
  const refused = await refund(payment_id)
  expect([refused.status, refused.body]).toMatchObject([422, { type: '/problems/refund-refused' }])
  expect(await fixture.row(payment_id)).toMatchObject({ refunded: 0, refund_pending: 0 })
})

test('a refund without an answer is pending, then found; its money is not given twice', async () => {
  const { payment_id } = await fixture.pay()
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/refunds',
    method: 'POST',
    fault: 'drop-response',
    times: 100,
  })
  const pending = await refund(payment_id, usd(1_000))
  expect(pending.body).toMatchObject({ status: 'pending', payment: { status: 'succeeded', refunded: money(0, 'USD') } })
  expect((await refund(payment_id, usd(4_000))).status).toBe(422)
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.reconcile(new Date(Date.now() + 16_000))
  expect(await fixture.row(payment_id)).toMatchObject({
    refunded: 1_000,
    refund_pending: 0,
    status: 'partially_refunded',
  })
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('a bank that takes its time, and one that sends the money back', async () => {
  const slow = await fixture.pay(undefined, 'pm_card_pendingRefund')
  expect((await refund(slow.payment_id)).body).toMatchObject({ status: 'pending' })
  await fixture.drained()
  expect(await fixture.row(slow.payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
  const back = await fixture.pay(undefined, 'pm_card_refundFail')
  const { id: refund_id } = (await refund(back.payment_id)).body
  await fixture.drained()
  expect(await fixture.row(back.payment_id)).toMatchObject({ status: 'succeeded', refunded: 0, refund_pending: 0 })
  const resolution = { refund_id, how: 'refunded_elsewhere' }
  const url = `/api/v1/payments/${back.payment_id}/refund-cases`
  expect((await fixture.call(ORGANIZER, 'POST', url, resolution)).status).toBe(200)
})

test('a refund made at the provider by hand becomes ours', async () => {
  const { payment_id } = await fixture.pay()
  const { provider_ref } = await fixture.row(payment_id)
  await fetch(`${fixture.sandbox.origin}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: `payment_intent=${provider_ref}&amount=300`,
  })
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'partially_refunded', refunded: 300 })
  expect(await told(payment_id)).toHaveLength(1)
})

test('a cancellation gives its percentage of what is left, once, rounded half up', async () => {
  const { booking, payment_id } = await fixture.pay(fixture.bookings.add({ total: money(4_801, 'USD') }))
  await refund(payment_id, usd(800))
  const cancel = { booking_id: booking.id, cancellation_id: 'cxl_1', percent: 50, reason: 'cancellation' as const }
  const { refund_booking, payments_of } = rpc(fixture.context.deps)
  const answers = await Promise.all(Array.from({ length: 8 }, () => refund_booking(cancel)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ refund: money(2_001, 'USD'), waits_for_dispute: false })]),
  )
  expect(await payments_of({ booking_ids: [booking.id, 'bk_unknown'] })).toEqual([
    {
      id: payment_id,
      booking_id: booking.id,
      provider: 'stripe',
      status: 'partially_refunded',
      amount: money(4_801, 'USD'),
      captured: money(4_801, 'USD'),
      refunded: money(2_801, 'USD'),
      outcome: 'confirmed',
      settlement: 'confirmed',
      settlement_reason: null,
      failure_code: null,
      refunds: [
        { ...SETTLED, amount: money(800, 'USD'), reason: 'requested' },
        { ...SETTLED, amount: money(2_001, 'USD'), reason: 'cancellation' },
      ],
    },
  ])
  expect(await told(payment_id)).toMatchObject([
    { reason: 'requested' },
    { reason: 'cancellation', amount: money(2_001, 'USD') },
  ])
})

test('a cancellation without money, or of nothing, gives nothing back', async () => {
  const { refund_booking } = rpc(fixture.context.deps)
  const wish = { cancellation_id: 'cxl_2', reason: 'cancellation' as const }
  expect(await refund_booking({ ...wish, booking_id: 'bk_unknown', percent: 100 })).toEqual({
    refund: null,
    waits_for_dispute: false,
  })
  const { booking } = await fixture.pay()
  expect(await refund_booking({ ...wish, booking_id: booking.id, percent: 0 })).toEqual({
    refund: null,
    waits_for_dispute: false,
  })
})

test('a cancellation right after a settlement that was cut short still gives the money back', async () => {
  fixture.bookings.away = true
  const { booking, payment_id } = await fixture.pay()
  fixture.bookings.away = false
  booking.status = 'cancelled'
  booking.paid_by = payment_id
  const { refund_booking } = rpc(fixture.context.deps)
  const answer = await refund_booking({
    booking_id: booking.id,
    cancellation_id: 'cxl_3',
    percent: 100,
    reason: 'event-cancelled',
  })
  expect(answer).toEqual({ refund: money(4_800, 'USD'), waits_for_dispute: false })
})

test('who may read a payment', async () => {
  const { booking, payment_id } = await fixture.pay()
  const read = async (as: typeof ADMIN) => (await fixture.call(as, 'GET', `/api/v1/payments/${payment_id}`)).status
  expect(await Promise.all([asPrincipal(booking.user_id), ORGANIZER, ADMIN].map(read))).toEqual([200, 200, 200])
  const strange = await fixture.call(STRANGER, 'GET', `/api/v1/payments/${payment_id}`)
  const absent = await fixture.call(STRANGER, 'GET', '/api/v1/payments/pay_unknown')
  expect(strange.status).toBe(404)
  const without = (body: object) => ({ ...body, instance: '', request_id: '' })
  expect(without(strange.body)).toEqual(without(absent.body))
  expect((await fixture.call(null, 'GET', `/api/v1/payments/${payment_id}`)).status).toBe(401)
})
