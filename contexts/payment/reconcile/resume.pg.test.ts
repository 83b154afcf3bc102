import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from '../fixture.ts'
import { recordConfirmed } from '../settle.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

test('a charge whose answer nobody heard is settled by the first resume, long before its next look', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  // As left by a process that died between its attempt and the provider's answer.
  await fixture.context.owner.query(
    `insert into payment.confirm_attempts (payment_id, owner, idempotency_key, body_hash, payment_method)
     values ($1, $2, 'cut off', 'any', 'pm_card_visa')`,
    [payment_id, booking.user_id],
  )
  await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${provider_ref}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  await fixture.reconcile()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'created' })
  expect(await fixture.resume()).toBe(true)
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
  expect(booking.paid_by).toBe(payment_id)
  expect(await fixture.resume()).toBe(false)
})

test('a success of which booking has not heard is settled, and a refund that was intended is sent', async () => {
  fixture.bookings.away = true
  const { payment_id } = await fixture.pay()
  const late = fixture.bookings.add({ resold: true })
  const other = await fixture.pay(late)
  fixture.bookings.away = false
  expect(await fixture.row(payment_id)).toMatchObject({ settlement: 'pending' })
  await fixture.resume()
  expect(await fixture.row(payment_id)).toMatchObject({ settlement: 'confirmed' })
  expect(await fixture.row(other.payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
})

test('booking that confirms what it refused before is a contradiction: it is thrown, and nothing is changed', async () => {
  const { payment_id } = await fixture.pay(fixture.bookings.add({ resold: true }))
  const before = await fixture.row(payment_id)
  expect(before).toMatchObject({ settlement: 'seats-gone' })
  await expect(recordConfirmed(fixture.context.db, [{ id: payment_id, reply: null }])).rejects.toThrow(payment_id)
  expect(await fixture.row(payment_id)).toEqual(before)
})
