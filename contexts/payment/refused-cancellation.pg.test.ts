import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheckout } from './checkout.ts'
import { type Fixture, ORIGIN, openFixture } from './fixture.ts'
import type { Provider } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)
/** The bank answers when the test says so (`/hurry`), never by itself. */
const AT_SOME_TIME_MS = 3_600_000

async function statusOf(intent: string): Promise<unknown> {
  const headers = { authorization: 'Bearer sk_test_tessera' }
  const answer = await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${intent}`, { headers })
  return ((await answer.json()) as { status: unknown }).status
}

/** A charge that the bank has not decided yet: its intent refuses to be cancelled. `fail` is the bank's answer. */
async function undecided() {
  const booking = fixture.bookings.add()
  const opened = (await fixture.intent(booking)).body as unknown as { payment_id: string; checkout_url: string }
  const { payment_id, checkout_url } = opened
  const intent = String((await fixture.row(payment_id))['provider_ref'])
  await fixture.sandbox.control('POST', '/late', { payment_intent: intent, fail_after_ms: AT_SOME_TIME_MS })
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'processing' })
  const path = checkout_url.replace(ORIGIN, '')
  const open = async (): Promise<string> => String((await fixture.context.call('GET', path)).headers['location'])
  const fail = async (): Promise<void> => {
    await fixture.sandbox.control('POST', '/hurry')
    await fixture.drained()
    expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', provider_ref: intent })
  }
  return { booking, payment_id, intent, path, open, fail }
}

test('a page asked for while the charge was undecided: once it has failed, the first opening leads to one that takes a card', async () => {
  const { booking, payment_id, intent, open, fail } = await undecided()
  const done = `${ORIGIN}/checkout/${booking.id}/done?payment_id=${payment_id}`
  // Each opening closes a page of its own.
  expect([await open(), await open()]).toEqual([done, done])
  await fail()
  const page = await open()
  expect(page).toContain('/c/pay/cs_test_')
  expect(await statusOf(intent)).toBe('canceled')
  expect(await open()).toBe(page)
  const body = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 40', cvc: '123' })
  expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).headers.get('location')).toContain('=paid')
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

test('an intent that once refused to be cancelled is closed after its hold', async () => {
  const { booking, payment_id, intent, open, fail } = await undecided()
  expect(await open()).toContain('/done?payment_id=')
  await fail()
  fixture.bookings.expire(booking.id, true)
  await fixture.reconcile(inMinutes(7))
  expect(await statusOf(intent)).toBe('canceled')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'cancelled', next_check_at: null })
})

test('a charge that fails right after its intent refused to be cancelled is not taken for paid', async () => {
  const { payment_id, path, open } = await undecided()
  const { deps } = fixture.context
  const real = deps.providers.preferred
  const cancelIntent: Provider['cancelIntent'] = async (of) => {
    const reply = await real.cancelIntent(of)
    await fixture.sandbox.control('POST', '/hurry')
    return reply
  }
  const racing = { ...deps, providers: openRegistry([{ ...real, cancelIntent }]) }
  const key = path.split('/').at(-1) ?? ''
  expect(await openCheckout(racing, payment_id, key)).toMatchObject({ url: expect.stringContaining('=unavailable') })
  await fixture.drained()
  expect(await open()).toContain('/c/pay/cs_test_')
})

test('two tabs, between whose cancellations the charge fails: nobody is sent to a closed page, and the next opens', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, payment_id, path, open } = await undecided()
  const { deps } = fixture.context
  const real = deps.providers.preferred
  const key = path.split('/').at(-1) ?? ''
  const taken_back = Promise.withResolvers<void>()
  const intent_cancelled = Promise.withResolvers<void>()
  const openBy = (cancelIntent: Provider['cancelIntent']) =>
    openCheckout({ ...deps, providers: openRegistry([{ ...real, cancelIntent }]) }, payment_id, key)
  const second = Promise.withResolvers<Awaited<ReturnType<typeof openBy>>>()
  const cancelBySecond: Provider['cancelIntent'] = async (of) => {
    const reply = await real.cancelIntent(of)
    intent_cancelled.resolve()
    await taken_back.promise
    return reply
  }
  const first = await openBy(async (of) => {
    // The intent has refused; before the page is closed the charge fails, and the other tab cancels the intent.
    if (of.checkout_ref !== null) {
      await fixture.sandbox.control('POST', '/hurry')
      openBy(cancelBySecond).then(second.resolve, second.reject)
      await intent_cancelled.promise
    }
    return real.cancelIntent(of)
  })
  taken_back.resolve()
  expect(first).toMatchObject({ url: expect.stringContaining('/done?payment_id=') })
  expect(await second.promise).toMatchObject({ url: expect.stringContaining('=unavailable') })
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await fixture.drained()
  expect((await fixture.row(payment_id))['status']).not.toBe('cancelled')
  const page = await open()
  expect(page).toContain('/c/pay/cs_test_')
  const body = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 40', cvc: '123' })
  expect((await fetch(page, { method: 'POST', body, redirect: 'manual' })).headers.get('location')).toContain('=paid')
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})
