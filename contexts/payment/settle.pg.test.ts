import { money } from '@tessera/contracts/money'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from './fixture.ts'
import { paymentById } from './payment.ts'
import { settle } from './settle.ts'

let house: House

beforeAll(async () => {
  house = await openHouse()
})
afterEach(async () => {
  await house.sandbox.control('DELETE', '/faults')
  await house.drained()
})
afterAll(async () => {
  await house.sound()
  await house[Symbol.asyncDispose]()
})

const refundsOf = (payment_id: string) =>
  house.context.owner.query<Record<string, unknown>>(
    'select reason, amount, status from payment.refunds where payment_id = $1',
    [payment_id],
  )
const told = async (topic: string, payment_id: string) =>
  (await house.context.published(topic)).filter((event) => event.key === payment_id)

/** The buyer is at the bank while the hold ends. */
async function payLate(resold: boolean) {
  const { booking, payment_id } = await house.pay(undefined, 'pm_card_authenticationRequired')
  house.bookings.expire(booking.id, resold)
  const { provider_ref } = await house.row(payment_id)
  await house.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  return { booking, payment_id }
}

test('money that comes after the hold finds the seats free: confirmed', async () => {
  const { booking, payment_id } = await payLate(false)
  await house.drained()
  expect(booking.status).toBe('confirmed')
  expect(await house.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('money that comes after the seats were sold again goes back by itself, once', async () => {
  const { booking, payment_id } = await payLate(true)
  await house.drained()
  expect(await house.row(payment_id)).toMatchObject({
    status: 'refunded',
    settlement: 'seats-gone',
    refunded: 4_800,
    next_check_at: null,
  })
  expect(await refundsOf(payment_id)).toEqual([{ reason: 'late-payment', amount: 4_800, status: 'succeeded' }])
  expect((await told('payment.refunded', payment_id)).map((event) => event.payload)).toMatchObject([
    { amount: money(4_800, 'USD'), reason: 'late-payment' },
  ])
  const answer = await house.confirm(booking, payment_id)
  expect(answer.body).toMatchObject({ status: 'refunded' })
})

test('two tabs pay for one booking: one is kept, the other goes back or is not charged', async () => {
  const booking = house.bookings.add()
  const intents = [await house.intent(booking), await house.intent(booking)]
  const answers = await Promise.all(intents.map((intent) => house.confirm(booking, intent.body.payment_id)))
  await house.drained()
  expect(booking.status).toBe('confirmed')
  const rows = await Promise.all(intents.map((intent) => house.row(intent.body.payment_id)))
  const kept = rows.filter((row) => row.status === 'succeeded').map((row) => row.id)
  expect(kept).toEqual([booking.paid_by])
  const others = answers.filter((answer) => answer.body.payment_id !== booking.paid_by)
  for (const other of others) expect([409, 'refunded']).toContain(other.body.status)
})

test('a second tab whose charge is sure to land is refunded as a duplicate', async () => {
  const booking = house.bookings.add()
  const first = await house.intent(booking)
  const second = await house.intent(booking)
  const slow = await house.confirm(booking, second.body.payment_id, 'pm_card_authenticationRequired')
  expect(slow.body).toMatchObject({ status: 'requires_action' })
  expect((await house.confirm(booking, first.body.payment_id)).body).toMatchObject({ status: 'succeeded' })
  const { provider_ref } = await house.row(second.body.payment_id)
  await house.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  await house.drained()
  expect(await house.row(second.body.payment_id)).toMatchObject({ status: 'refunded', settlement: 'paid-otherwise' })
  expect(await refundsOf(second.body.payment_id)).toMatchObject([{ reason: 'duplicate-payment' }])
  expect(booking.paid_by).toBe(first.body.payment_id)
})

test('a refund that gets no answer stays owed and is finished by the reconciler', async () => {
  await house.sandbox.control('POST', '/faults', { path: '/v1/refunds', method: 'POST', fault: '429', times: 100 })
  const { payment_id } = await payLate(true)
  await house.drained()
  expect(await house.row(payment_id)).toMatchObject({
    status: 'succeeded',
    settlement: 'seats-gone',
    refund_pending: 4_800,
  })
  await house.sandbox.control('DELETE', '/faults')
  await house.reconcile(new Date(Date.now() + 16_000))
  expect(await house.row(payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
})

test('a refund that succeeded without our learning of it is found, not made again', async () => {
  await house.sandbox.control('POST', '/webhooks', { withhold: true })
  const before = await house.sandbox.ledger('USD')
  await house.sandbox.control('POST', '/faults', {
    path: '/v1/refunds',
    method: 'POST',
    fault: 'drop-response',
    times: 100,
  })
  const booking = house.bookings.add({ resold: true })
  const { payment_id, answer } = await house.pay(booking)
  expect(answer.body).toMatchObject({ status: 'processing' })
  await house.sandbox.control('DELETE', '/faults')
  await house.reconcile(new Date(Date.now() + 16_000))
  expect(await house.row(payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
  expect((await house.sandbox.ledger('USD')).refunded - before.refunded).toBe(4_800)
  await house.sandbox.control('POST', '/webhooks', { withhold: false })
  await house.sandbox.control('POST', '/withheld/release', {})
})

test('another sum than was asked for buys nothing and goes back', async () => {
  const booking = house.bookings.add()
  const { payment_id } = (await house.intent(booking)).body
  const { provider_ref } = await house.row(payment_id)
  await fetch(`${house.sandbox.origin}/v1/payment_intents/${provider_ref}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'amount=100',
  })
  const answer = await house.confirm(booking, payment_id)
  expect(answer.body).toMatchObject({ status: 'refunded', booking: { status: 'held' } })
  expect([booking.status, house.bookings.asked(booking.id)]).toEqual(['held', 0])
  expect(await house.row(payment_id)).toMatchObject({ settlement: 'amount-mismatch', captured: 100, refunded: 100 })
})

test('a settlement that was recorded is not undone by an answer that was overtaken', async () => {
  const { booking, payment_id } = await house.pay()
  booking.paid_by = 'pay_another'
  const payment = await paymentById(house.context.db, payment_id)
  if (payment === undefined) throw new Error('gone')
  expect(await settle(house.context.deps, { ...payment, settlement: 'pending' })).toMatchObject({ kind: 'confirmed' })
  expect(await refundsOf(payment_id)).toEqual([])
})
