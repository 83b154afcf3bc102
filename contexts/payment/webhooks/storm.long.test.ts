import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from '../fixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const PAYMENTS = 3_400
const AT_ONCE = 32
/** Every so many payments nobody hears of until the reconciler looks. */
const WITHHELD_EVERY = 20

async function payInBrowser(): Promise<string> {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  const answer = await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${provider_ref}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  expect(answer.status).toBe(200)
  return booking.id
}

test('10,000 events, each three times, shuffled, one in ten forged, answers lost, some never sent: no double effect, all healed', async () => {
  const bookings: string[] = []
  for (const [share, withhold] of [
    [1 - 1 / WITHHELD_EVERY, false],
    [1 / WITHHELD_EVERY, true],
  ] as const) {
    await fixture.sandbox.control('POST', '/webhooks', {
      duplicate: 3,
      shuffle: true,
      tamper: 0.1,
      fail_first: 1,
      withhold,
      seed: 42,
    })
    let left = Math.round(PAYMENTS * share)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) bookings.push(await payInBrowser())
      }),
    )
    await fixture.drained()
  }
  await fixture.reconcile()
  await fixture.reconcile(new Date(Date.now() + 60_000))
  const unpaid = bookings.filter((id) => fixture.bookings.get(id).status !== 'confirmed')
  expect([bookings.length, unpaid]).toEqual([PAYMENTS, []])
  const told = await fixture.context.published('payment.succeeded')
  expect([told.length, new Set(told.map((event) => event.key)).size]).toEqual([PAYMENTS, PAYMENTS])
  const { items } = await fixture.sandbox.control<{ items: { forgery: string | null; status: number }[] }>(
    'GET',
    '/deliveries',
  )
  expect(items.filter((attempt) => attempt.forgery !== null && attempt.status !== 400)).toEqual([])
  await fixture.sound()
})
