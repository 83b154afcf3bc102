import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { TestBooking } from './bookings.fixture.ts'
import { openCheckout } from './checkout.ts'
import { type Fixture, ORGANIZER, ORIGIN, openFixture } from './fixture.ts'
import { recordIntents } from './open-intent.ts'
import { openRegistry } from './provider/registry.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(async () => {
  await fixture.sandbox.control('DELETE', '/faults')
})
afterAll(async () => {
  await fixture.drained()
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)

async function begin(booking: TestBooking = fixture.bookings.add()) {
  const { payment_id, checkout_url } = (await fixture.intent(booking)).body as unknown as {
    payment_id: string
    checkout_url: string
  }
  const { provider_ref } = await fixture.row(payment_id)
  return { booking, payment_id, intent: String(provider_ref), path: checkout_url.replace(ORIGIN, '') }
}

/** Where the buyer's browser is led to. */
async function led(path: string): Promise<string> {
  const answer = await fixture.context.call('GET', path)
  expect(answer.status).toBe(303)
  return String(answer.headers['location'])
}

/** Where the provider's page leads to after this card. */
async function pay(page: string, number = '4242424242424242'): Promise<{ status: number; location: string | null }> {
  const body = new URLSearchParams({ number, expiry: '12 / 40', cvc: '123' })
  const answer = await fetch(page, { method: 'POST', body, redirect: 'manual' })
  return { status: answer.status, location: answer.headers.get('location') }
}

async function stripe(path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: 'Bearer sk_test_tessera' }
  return (await fetch(`${fixture.sandbox.origin}/v1/${path}`, { headers })).json() as Promise<Record<string, unknown>>
}

test('a look ahead at the way to the provider changes nothing', async () => {
  const { intent, path } = await begin()
  expect((await fixture.context.http.fastify.inject({ method: 'HEAD', url: path })).statusCode).toBe(503)
  for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-moz': 'prefetch' }]) {
    expect((await fixture.context.http.fastify.inject({ method: 'GET', url: path, headers })).statusCode).toBe(503)
  }
  expect(await stripe(`payment_intents/${intent}`)).toMatchObject({ status: 'requires_payment_method' })
  await led(path)
  expect(await stripe(`payment_intents/${intent}`)).toMatchObject({ status: 'canceled' })
})

test('an intent that becomes known after a page has taken its place does not come back', async () => {
  const { booking, payment_id, path } = await begin()
  const page = await led(path)
  await recordIntents(fixture.context.db, [
    { id: payment_id, provider_ref: 'pi_late', client_secret: 'of the late one' },
  ])
  expect(await fixture.row(payment_id)).toMatchObject({ provider_ref: null })
  await pay(page)
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
})

test('a buyer pays on the provider’s page: led there, back, and told by the webhook', async () => {
  const { booking, payment_id, intent, path } = await begin()
  const page = await led(path)
  expect(page).toMatch(new RegExp(`^${fixture.sandbox.origin}/c/pay/cs_test_`))
  expect(await stripe(`payment_intents/${intent}`)).toMatchObject({ status: 'canceled' })
  expect(await pay(page)).toEqual({
    status: 303,
    location: `${ORIGIN}/checkout/${booking.id}/done?payment_id=${payment_id}&payment=paid`,
  })
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
  const row = await fixture.row(payment_id)
  expect(row).toMatchObject({ status: 'succeeded', settlement: 'confirmed', replaced_ref: null })
  expect(row['provider_ref']).not.toBe(intent)
  expect(await led(path)).toBe(`${ORIGIN}/checkout/${booking.id}/done?payment_id=${payment_id}`)
  const refund = await fixture.call(
    ORGANIZER,
    'POST',
    `/api/v1/payments/${payment_id}/refund`,
    { reason: 'rain' },
    'r1',
  )
  expect(refund.body).toMatchObject({ status: 'succeeded', amount: { amount: 4_800 } })
})

test('a lost webhook of a page is found by the reconciler', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, path } = await begin()
  await pay(await led(path))
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/events', fault: '429', times: 100 })
  await fixture.reconcile(new Date(Date.now() + 31_000))
  expect(booking.status).toBe('confirmed')
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('reload, Back and eight tabs lead to one page; a guessed key to none', async () => {
  const { payment_id, path } = await begin()
  const pages = await Promise.all(Array.from({ length: 8 }, () => fixture.context.call('GET', path)))
  const page = await led(path)
  const led_to = new Set(pages.map((answer) => String(answer.headers['location'])))
  expect([...led_to].filter((url) => url !== page && !url.endsWith('?payment=unavailable'))).toEqual([])
  expect(await led(path)).toBe(page)
  for (const key of ['x', '', path.split('/').at(-1)?.slice(1) ?? '']) {
    expect((await fixture.context.call('GET', `/api/v1/payments/${payment_id}/checkout/${key}`)).status).toBe(404)
  }
})

test('declined on the page, paid there with another card', async () => {
  const { booking, payment_id, path } = await begin()
  const page = await led(path)
  expect((await pay(page, '4000000000000002')).status).toBe(402)
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', provider_ref: null })
  expect(await led(path)).toBe(page)
  await pay(page)
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
})

test('a payment on its page cannot be confirmed by the API, and one that the API confirmed has no page', async () => {
  const first = await begin()
  await led(first.path)
  expect((await fixture.confirm(first.booking, first.payment_id)).status).toBe(409)
  const second = await begin()
  expect((await fixture.confirm(second.booking, second.payment_id)).body).toMatchObject({ status: 'succeeded' })
  expect(await led(second.path)).toContain('/done?payment_id=')
})

test('the API and the page at once: one of them takes the money, never both', async () => {
  for (let round = 0; round < 8; round++) {
    const { booking, payment_id, path } = await begin()
    const [opened, confirmed] = await Promise.all([
      fixture.context.call('GET', path),
      fixture.confirm(booking, payment_id),
    ])
    const page = String(opened.headers['location'])
    if (page.startsWith(fixture.sandbox.origin)) await pay(page)
    if (confirmed.body.status !== ('succeeded' as never)) await pay(await led(path)).catch(() => null)
    await fixture.drained()
    await fixture.reconcile(new Date(Date.now() + 31_000))
    expect(booking.paid_by).toBe(payment_id)
    expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', captured: 4_800 })
  }
})

test('the intent was faster than its cancellation: the page is closed and the intent is the payment’s again', async () => {
  const { booking, payment_id, intent, path } = await begin()
  await fixture.sandbox.control('POST', '/faults', {
    path: `/v1/payment_intents/${intent}/cancel`,
    fault: '429',
    times: 99,
  })
  expect(await led(path)).toBe(`${ORIGIN}/checkout/${booking.id}?payment=unavailable`)
  const { checkout_ref } = await fixture.row(payment_id)
  await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${intent}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  await fixture.sandbox.control('DELETE', '/faults')
  expect(await led(path)).toContain('/done?payment_id=')
  expect(await stripe(`checkout/sessions/${checkout_ref}`)).toMatchObject({ status: 'expired' })
  await fixture.reconcile(new Date(Date.now() + 1_000))
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', provider_ref: intent })
})

test('a page whose opening broke off is taken up again by the same address', async () => {
  const { payment_id, intent, path } = await begin()
  await fixture.sandbox.control('POST', '/faults', {
    path: `/v1/payment_intents/${intent}/cancel`,
    fault: '429',
    times: 99,
  })
  expect(await led(path)).toContain('payment=unavailable')
  await fixture.sandbox.control('DELETE', '/faults')
  expect(await led(path)).toContain('/c/pay/cs_test_')
  expect(await stripe(`payment_intents/${intent}`)).toMatchObject({ status: 'canceled' })
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'created', replaced_ref: null })
})

test('a buyer whose page was opened unheard, and who corrects the address then, is led to a page', async () => {
  const { booking, payment_id, path } = await begin()
  const { deps } = fixture.context
  const real = deps.providers.preferred
  const openUnheard: typeof real.openCheckout = async (input) => {
    await real.openCheckout(input)
    return { kind: 'unknown', error: 'lost' }
  }
  const unheard = { ...deps, providers: openRegistry([{ ...real, openCheckout: openUnheard }]) }
  const key = path.split('/').at(-1) ?? ''
  expect(await openCheckout(unheard, payment_id, key)).toMatchObject({ url: expect.stringContaining('unavailable') })
  await fixture.intent(booking, { body: { email: 'right@example.test' } })
  await pay(await led(path))
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

test('after the hold the page is closed, and its address leads to the order', async () => {
  const { booking, payment_id, path } = await begin()
  const page = await led(path)
  fixture.bookings.expire(booking.id, true)
  expect(await led(path)).toBe(`${ORIGIN}/checkout/${booking.id}`)
  await fixture.reconcile(inMinutes(7))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'cancelled', next_check_at: null })
  expect(await (await fetch(page)).text()).toContain('Payment page expired')
})

test('who pays on the page after the seats are gone gets the money back', async () => {
  const { booking, payment_id, path } = await begin()
  const page = await led(path)
  fixture.bookings.expire(booking.id, true)
  await pay(page)
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'refunded',
    settlement: 'seats-gone',
    settlement_reason: 'taken',
  })
})

test('a hold that was extended past its page gets a new one', async () => {
  const { booking, payment_id, path } = await begin()
  await led(path)
  const { checkout_ref } = await fixture.row(payment_id)
  await fetch(`${fixture.sandbox.origin}/v1/checkout/sessions/${checkout_ref}/expire`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
  })
  booking.expires_at_ms += 600_000
  const page = await led(path)
  expect(page).not.toContain(String(checkout_ref))
  await pay(page)
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
})

test('a second key is answered with the same page, also under 24 keys, and with the first page while one is open', async () => {
  const { booking, payment_id, path } = await begin()
  const page = await led(path)
  const again = await Promise.all(Array.from({ length: 24 }, () => begin(booking)))
  expect(new Set(again.map((one) => `${one.payment_id} ${one.path}`))).toEqual(new Set([`${payment_id} ${path}`]))
  expect(await led(path)).toBe(page)
  expect((await fixture.confirm(booking, payment_id)).status).toBe(409)
  await pay(page)
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

test('a cancelled event closes its intents and pages at the provider; paid ones are left; a repeat changes nothing', async () => {
  const [plain, paged, other] = [await begin(), await begin(), await begin()]
  const page = await led(paged.path)
  const { checkout_ref } = await fixture.row(paged.payment_id)
  for (const { booking } of [plain, paged]) booking.event_cancelled = true
  await fixture.context.owner.query(`update payment.payments set event_id = 'evt_rained_off' where id = any ($1)`, [
    [plain.payment_id, paged.payment_id],
  ])
  const cancelled = { event_id: 'evt_rained_off', organization_id: 'org_of_the_house', performance_ids: [] }
  await fixture.context.deliver('catalog.event_cancelled', 'evt_rained_off', cancelled)
  await fixture.reconcile()
  expect(await stripe(`payment_intents/${plain.intent}`)).toMatchObject({ status: 'canceled' })
  expect(await stripe(`checkout/sessions/${checkout_ref}`)).toMatchObject({ status: 'expired' })
  expect((await pay(page)).location ?? '').not.toContain('payment=paid')
  const answer = await fixture.confirm(plain.booking, plain.payment_id)
  expect([answer.status, answer.body]).toMatchObject([409, { detail: expect.stringContaining('event was cancelled') }])
  expect(await led(paged.path)).toContain(`/checkout/${paged.booking.id}`)
  const rows = [await fixture.row(plain.payment_id), await fixture.row(paged.payment_id)]
  expect(rows).toMatchObject([
    { status: 'cancelled', captured: 0 },
    { status: 'cancelled', captured: 0 },
  ])
  await fixture.context.deliver('catalog.event_cancelled', 'evt_rained_off', cancelled)
  expect([await fixture.row(plain.payment_id), await fixture.row(paged.payment_id)]).toEqual(rows)
  expect((await fixture.confirm(other.booking, other.payment_id)).body).toMatchObject({ status: 'succeeded' })
})

test('money that was faster than the cancellation of its event goes back by itself', async () => {
  const { booking, payment_id, path } = await begin()
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  await pay(await led(path))
  booking.event_cancelled = true
  await fixture.context.owner.query(`update payment.payments set event_id = 'evt_too_late' where id = $1`, [payment_id])
  await fixture.context.deliver('catalog.event_cancelled', 'evt_too_late', {
    event_id: 'evt_too_late',
    organization_id: 'org_of_the_house',
    performance_ids: [],
  })
  await fixture.reconcile()
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'refunded',
    settlement: 'seats-gone',
    settlement_reason: 'event_cancelled',
  })
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('the reconciler of these tests ends after a run that a webhook has begun', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, payment_id, path } = await begin()
  await pay(await led(path))
  const { checkout_ref } = await fixture.row(payment_id)
  // The run has claimed the event and waits for the provider, so that the reconciler finds nothing to do.
  const slow = { path: `/v1/checkout/sessions/${checkout_ref}`, method: 'GET', fault: 'delay', delay_ms: 500 }
  await fixture.sandbox.control('POST', '/faults', slow)
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await expect.poll(() => fixture.sandbox.control('GET', '/faults')).toEqual({ items: [] })
  expect(booking.status).toBe('held')
  await fixture.reconcile()
  expect(booking.status).toBe('confirmed')
})
