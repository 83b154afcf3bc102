import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from '../fixture.ts'
import { recordConfirmed } from '../settle.ts'

let house: House

beforeAll(async () => {
  house = await openHouse({ webhooks: false })
})
afterAll(async () => {
  await house.sound()
  await house[Symbol.asyncDispose]()
})

test('a charge whose answer nobody heard is settled by the first resume, long before its next look', async () => {
  const booking = house.bookings.add()
  const { payment_id } = (await house.intent(booking)).body
  const { provider_ref } = await house.row(payment_id)
  // As left by a process that died between its attempt and the provider's answer.
  await house.context.owner.query(
    `insert into payment.confirm_attempts (payment_id, owner, idempotency_key, body_hash, payment_method)
     values ($1, $2, 'cut off', 'any', 'pm_card_visa')`,
    [payment_id, booking.user_id],
  )
  await fetch(`${house.sandbox.origin}/v1/payment_intents/${provider_ref}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  await house.reconcile()
  expect(await house.row(payment_id)).toMatchObject({ status: 'created' })
  expect(await house.resume()).toBe(true)
  expect(await house.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
  expect(booking.paid_by).toBe(payment_id)
  expect(await house.resume()).toBe(false)
})

test('a success of which booking has not heard is settled, and a refund that was intended is sent', async () => {
  house.bookings.away = true
  const { payment_id } = await house.pay()
  const late = house.bookings.add({ resold: true })
  const other = await house.pay(late)
  house.bookings.away = false
  expect(await house.row(payment_id)).toMatchObject({ settlement: 'pending' })
  await house.resume()
  expect(await house.row(payment_id)).toMatchObject({ settlement: 'confirmed' })
  expect(await house.row(other.payment_id)).toMatchObject({ status: 'refunded', refund_pending: 0 })
})

test('booking that confirms what it refused before is a contradiction: it is thrown, and nothing is changed', async () => {
  const { payment_id } = await house.pay(house.bookings.add({ resold: true }))
  const before = await house.row(payment_id)
  expect(before).toMatchObject({ settlement: 'seats-gone' })
  await expect(recordConfirmed(house.context.db, [{ id: payment_id, reply: null }])).rejects.toThrow(payment_id)
  expect(await house.row(payment_id)).toEqual(before)
})
