import { expect, test } from 'vitest'
import { openFixture } from './fixture.ts'

test('a card tester is stopped with 429 before the provider is asked; the key is free again, other buyers pay', async () => {
  await using tenant = await openFixture({ rate_limits: true, webhooks: false })
  const booking = tenant.bookings.add()
  const { payment_id } = (await tenant.intent(booking)).body
  const statuses: number[] = []
  for (let n = 0; n < 31; n++) {
    statuses.push((await tenant.confirm(booking, payment_id, 'pm_card_chargeDeclined', `try-${n}`)).status)
  }
  expect(statuses).toEqual([...Array(30).fill(402), 429])
  const refused = await tenant.confirm(booking, payment_id, 'pm_card_visa', 'another')
  expect(refused).toMatchObject({ status: 429, body: { type: '/problems/too-many-payments' } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  const attempts = await tenant.context.owner.query(
    "select * from payment.confirm_attempts where idempotency_key in ('try-30', 'another')",
  )
  expect(attempts).toEqual([])
  // A repeat of a declined attempt is answered from memory, a stranger is not concerned.
  expect((await tenant.confirm(booking, payment_id, 'pm_card_chargeDeclined', 'try-0')).status).toBe(402)
  expect((await tenant.pay()).answer.status).toBe(200)
})

test('control: without limits every declined attempt is a 402', async () => {
  await using tenant = await openFixture({ rate_limits: false, webhooks: false })
  const booking = tenant.bookings.add()
  const { payment_id } = (await tenant.intent(booking)).body
  for (let n = 0; n < 33; n++)
    expect((await tenant.confirm(booking, payment_id, 'pm_card_chargeDeclined')).status).toBe(402)
})
