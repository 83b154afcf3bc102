import { money } from '@tessera/contracts/money'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'
import { paymentById } from './payment.ts'
import { settle } from './settle.ts'

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

const refundsOf = (payment_id: string) =>
  fixture.context.owner.query<Record<string, unknown>>(
    'select reason, amount, status from payment.refunds where payment_id = $1',
    [payment_id],
  )
const told = async (topic: string, payment_id: string) =>
  (await fixture.context.published(topic)).filter((event) => event.key === payment_id)

/** The buyer is at the bank while the hold ends. */
async function payLate(resold: boolean) {
  const { booking, payment_id } = await fixture.pay(undefined, 'pm_card_authenticationRequired')
  fixture.bookings.expire(booking.id, resold)
  const { provider_ref } = await fixture.row(payment_id)
  await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  return { booking, payment_id }
}

test('money that comes after the hold finds the seats free: confirmed', async () => {
  const { booking, payment_id } = await payLate(false)
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('money that comes after the seats were sold again goes back by itself, once', async () => {
  const { booking, payment_id } = await payLate(true)
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'refunded',
    settlement: 'seats-gone',
    settlement_reason: 'taken',
    refunded: 4_800,
    next_check_at: null,
  })
  expect(await refundsOf(payment_id)).toEqual([{ reason: 'late-payment', amount: 4_800, status: 'succeeded' }])
  expect((await told('payment.refunded', payment_id)).map((event) => event.payload)).toMatchObject([
    { amount: money(4_800, 'USD'), reason: 'late-payment' },
  ])
  const answer = await fixture.confirm(booking, payment_id)
  expect(answer.body).toMatchObject({ status: 'refunded' })
})

test('a second payment from before the guard, whose charge is sure to land, is refunded as a duplicate', async () => {
  const booking = fixture.bookings.add()
  const first = await fixture.intent(booking)
  await fixture.context.owner.query('update payment.payments set sole = false where id = $1', [first.body.payment_id])
  const second = await fixture.intent(booking)
  const slow = await fixture.confirm(booking, second.body.payment_id, 'pm_card_authenticationRequired')
  expect(slow.body).toMatchObject({ status: 'requires_action' })
  expect((await fixture.confirm(booking, first.body.payment_id)).body).toMatchObject({ status: 'succeeded' })
  const { provider_ref } = await fixture.row(second.body.payment_id)
  await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  await fixture.drained()
  expect(await fixture.row(second.body.payment_id)).toMatchObject({
    status: 'refunded',
    settlement: 'paid-otherwise',
    settlement_reason: null,
  })
  expect(await refundsOf(second.body.payment_id)).toMatchObject([{ reason: 'duplicate-payment' }])
  expect(booking.paid_by).toBe(first.body.payment_id)
})

test('a refund that gets no answer stays owed and is finished by the reconciler', async () => {
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/refunds', method: 'POST', fault: '429', times: 100 })
  const { payment_id } = await payLate(true)
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'succeeded',
    settlement: 'seats-gone',
    settlement_reason: 'taken',
    refund_pending: 4_800,
  })
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.reconcile(new Date(Date.now() + 16_000))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
})

test('a refund that succeeded without our learning of it is found, not made again', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const before = await fixture.sandbox.ledger('USD')
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/refunds',
    method: 'POST',
    fault: 'drop-response',
    times: 100,
  })
  const booking = fixture.bookings.add({ resold: true })
  const { payment_id, answer } = await fixture.pay(booking)
  expect(answer.body).toMatchObject({ status: 'processing' })
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.reconcile(new Date(Date.now() + 16_000))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
  expect((await fixture.sandbox.ledger('USD')).refunded - before.refunded).toBe(4_800)
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('another sum than was asked for buys nothing and goes back', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.context.owner.query('update payment.payments set amount = 100 where id = $1', [payment_id])
  const answer = await fixture.confirm(booking, payment_id)
  expect(answer.body).toMatchObject({ status: 'refunded', booking: { status: 'held' } })
  expect([booking.status, fixture.bookings.asked(booking.id)]).toEqual(['held', 0])
  expect(await fixture.row(payment_id)).toMatchObject({
    settlement: 'amount-mismatch',
    captured: 4_800,
    refunded: 4_800,
  })
})

test('a settlement that was recorded is not undone by an answer that was overtaken', async () => {
  const { booking, payment_id } = await fixture.pay()
  booking.paid_by = 'pay_another'
  const payment = await paymentById(fixture.context.db, payment_id)
  if (payment === undefined) throw new Error('gone')
  expect(await settle(fixture.context.deps, { ...payment, settlement: 'pending' })).toMatchObject({ kind: 'confirmed' })
  expect(await refundsOf(payment_id)).toEqual([])
})
