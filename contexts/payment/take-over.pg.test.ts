import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { type Fixture, openFixture } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('a guest’s payment becomes the account’s with its booking, whatever keys the account has used', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking, { key: 'same' })).body
  const user_id = newId('usr')
  const pay = (): Promise<{ status: number }> =>
    fixture.call(
      asPrincipal(user_id),
      'POST',
      '/api/v1/payments/confirm',
      { payment_id, payment_method: 'pm_card_visa' },
      newId('pay'),
    )
  expect((await pay()).status).toBe(404)
  for (const key of ['same', `same ${payment_id}`, `same${payment_id}`])
    expect((await fixture.intent(fixture.bookings.add({ user_id }), { key })).status).toBe(201)
  booking.user_id = user_id
  expect((await pay()).status).toBe(200)
})

test('the account is answered with the guest’s open payment, whatever keys it has used', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking, { key: 'other' })).body
  const user_id = newId('usr')
  for (const key of ['other', `other ${payment_id}`])
    expect((await fixture.intent(fixture.bookings.add({ user_id }), { key })).status).toBe(201)
  booking.user_id = user_id
  const joined = await fixture.intent(booking, { key: 'fresh' })
  expect([joined.status, joined.body.payment_id]).toEqual([201, payment_id])
})
