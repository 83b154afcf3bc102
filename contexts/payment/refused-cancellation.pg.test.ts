import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, ORIGIN, openFixture } from './fixture.ts'
import { payOn, type Undecided, undecided } from './undecided.fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)

async function statusOf(intent: string): Promise<unknown> {
  const headers = { authorization: 'Bearer sk_test_tessera' }
  const answer = await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${intent}`, { headers })
  return ((await answer.json()) as { status: unknown }).status
}

async function fail({ payment_id, intent, hurry }: Undecided): Promise<void> {
  await hurry()
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', provider_ref: intent })
}

test('a page asked for while the charge was undecided: once it has failed, the first opening leads to one that takes a card', async () => {
  const payment = await undecided(fixture)
  const { booking, payment_id, intent, open } = payment
  const done = `${ORIGIN}/checkout/${booking.id}/done?payment_id=${payment_id}`
  // Each opening closes a page of its own.
  expect([await open(), await open()]).toEqual([done, done])
  await fail(payment)
  const page = await open()
  expect(page).toContain('/c/pay/cs_test_')
  expect(await statusOf(intent)).toBe('canceled')
  expect(await open()).toBe(page)
  expect(await payOn(page)).toContain('=paid')
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

test('an intent that once refused to be cancelled is closed after its hold', async () => {
  const payment = await undecided(fixture)
  const { booking, payment_id, intent, open } = payment
  expect(await open()).toContain('/done?payment_id=')
  await fail(payment)
  fixture.bookings.expire(booking.id, true)
  await fixture.reconcile(inMinutes(7))
  expect(await statusOf(intent)).toBe('canceled')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'cancelled', next_check_at: null })
})

test('a charge that fails right after its intent refused to be cancelled is not taken for paid', async () => {
  const { open, openBy, hurry } = await undecided(fixture)
  const real = fixture.context.deps.providers.preferred
  const led_to = await openBy(async (of) => {
    const reply = await real.cancelIntent(of)
    await hurry()
    return reply
  })
  expect(led_to).toContain('=unavailable')
  await fixture.drained()
  expect(await open()).toContain('/c/pay/cs_test_')
})
