import { expect, test } from 'vitest'
import { type Running, refusalOf, startReceiver, startRunning } from '../../../tests/payment-sandbox.fixture.ts'

const RETURN_URL = 'https://tickets.test/checkout/done?booking=bk_1'
const CANCEL_URL = 'https://tickets.test/checkout?payment=cancelled'

async function newSession(
  running: Running,
  { unit_amount = 5000, currency = 'jpy' } = {},
): Promise<{ id: string; url: string }> {
  const session = await running.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: 'Kabuki' } } }],
    payment_intent_data: { description: 'Kabuki <night>', metadata: { payment_id: 'pay_1' } },
    success_url: RETURN_URL,
    cancel_url: CANCEL_URL,
  })
  return { id: session.id, url: session.url ?? '' }
}

/** A browser without our script: forms, pages and redirects. */
async function submit(
  url: string,
  fields: Record<string, string>,
): Promise<{ status: number; text: string; to: URL | null }> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  const to = response.headers.get('location')
  return { status: response.status, text: await response.text(), to: to === null ? null : new URL(to, url) }
}

const card = (number: string): Record<string, string> => ({ number, expiry: '12 / 40', cvc: '123' })

test('the page shows the amount by ISO 4217, escapes what it is given and allows nothing from elsewhere', async () => {
  await using running = await startRunning()
  const response = await fetch((await newSession(running)).url)
  const text = await response.text()
  expect(text).toContain('Pay ¥5,000<')
  expect(text).toContain('Kabuki &#60;night&#62;')
  expect(text).not.toMatch(/<script|style="|onclick|https?:\/\/(?!tickets\.test)/)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('content-security-policy')).toContain("form-action 'self' https://tickets.test;")
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  for (const [currency, unit_amount, shown] of [
    ['kwd', 12_345, /KWD\s12\.345/],
    ['mmk', 500_000, /5,000\.00/],
    ['lbp', 500_000, /5,000\.00/],
  ] as const) {
    const { url } = await newSession(running, { currency, unit_amount })
    expect(await (await fetch(url)).text()).toMatch(shown)
  }
  for (const asset of ['pay.css', 'mark.svg']) {
    expect((await fetch(`${running.sandbox.origin}/assets/${asset}`)).status, asset).toBe(200)
  }
})

test('paying completes the session, tells by webhook and sends the buyer back; paying again changes nothing', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { id, url } = await newSession(running)
  expect(await running.stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'open', payment_intent: null })
  const paid = await submit(url, card('4242 4242 4242 4242'))
  expect([paid.status, paid.to?.href]).toEqual([303, RETURN_URL])
  expect((await submit(url, card('4242 4242 4242 4242'))).to?.href).toBe(RETURN_URL)
  expect(running.control.ledger()).toMatchObject([{ captured: 5000 }])
  const session = await running.stripe.checkout.sessions.retrieve(id, {
    expand: ['payment_intent.latest_charge.balance_transaction'],
  })
  expect(session).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    url: null,
    payment_intent: { metadata: { payment_id: 'pay_1' }, latest_charge: { balance_transaction: { fee: 100 } } },
  })
  await running.control.settle()
  expect(receiver.types()).toContain('checkout.session.completed')
  expect(await refusalOf(running.stripe.checkout.sessions.expire(id))).toMatchObject({ statusCode: 400 })
})

test('a wrong field and a declined card are said on the page, and the number is not kept', async () => {
  await using running = await startRunning()
  const { id, url } = await newSession(running)
  const typo = await submit(url, card('4242 4242 4242 4241'))
  expect(typo.status).toBe(422)
  expect(typo.text).toContain('test cards only')
  for (const [wrong, words] of [
    [{ expiry: '13 / 40' }, 'a month and a year'],
    [{ expiry: '10/26' }, 'has expired'],
    [{ cvc: '12' }, '3 digits'],
  ] as const) {
    const refused = await submit(url, { ...card('4242424242424242'), ...wrong })
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(words)])
  }
  const declined = await submit(url, card('4000000000009995'))
  expect(declined.status).toBe(402)
  expect(declined.text).toContain('insufficient funds')
  expect(JSON.stringify(running.control.objects('charges'))).not.toContain('4000000000009995')
  const session = await running.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] })
  expect(session).toMatchObject({ status: 'open', payment_intent: { status: 'requires_payment_method' } })
  expect(await (await fetch(`${url}?card=4242+4242+4242+4242`)).text()).toContain(
    'value="4242 4242 4242 4242" required',
  )
  expect((await submit(url, card('4242424242424242'))).to?.href).toBe(RETURN_URL)
})

test('the bank asks: approved goes back to the shop, refused back to the page', async () => {
  await using running = await startRunning()
  const { url } = await newSession(running)
  const asked = await submit(url, card('4000002500003155'))
  expect(asked.to?.pathname).toMatch(/^\/challenge\/pi_/)
  expect(await (await fetch(asked.to ?? '')).text()).toContain('3155')
  expect(await (await fetch(url)).text()).toContain('Is it you?')
  expect((await submit(String(asked.to), { answer: 'fail' })).to?.href).toBe(url)
  expect(await (await fetch(url)).text()).toContain('failed authentication')
  const again = await submit(url, card('4000002500003155'))
  expect((await submit(String(again.to), { answer: 'complete' })).to?.href).toBe(RETURN_URL)
})

test('a challenge of an intent that no page has goes back to where its confirmation said', async () => {
  await using running = await startRunning()
  for (const [answer, redirect_status] of [
    ['complete', 'succeeded'],
    ['fail', 'failed'],
  ] as const) {
    const intent = await running.stripe.paymentIntents.create({
      amount: 5000,
      currency: 'jpy',
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
      return_url: RETURN_URL,
    })
    const url = intent.next_action?.redirect_to_url?.url ?? ''
    for (const said of [answer, 'complete']) {
      const { to } = await submit(url, { answer: said })
      expect(Object.fromEntries(to?.searchParams ?? [])).toMatchObject({
        booking: 'bk_1',
        payment_intent: intent.id,
        redirect_status,
      })
    }
  }
})

test('a slow bank: the page waits and then goes on', async () => {
  await using running = await startRunning()
  const { id, url } = await newSession(running)
  await submit(url, card('4000000000000002'))
  const session = await running.stripe.checkout.sessions.retrieve(id)
  const late = { after_ms: 60_000, outcome: 'succeed' } as const
  await running.control.late(String(session.payment_intent), late)
  expect((await submit(url, card('4242424242424242'))).to?.href).toBe(url)
  expect(await (await fetch(url)).text()).toContain('taking its time')
  expect(await refusalOf(running.stripe.checkout.sessions.expire(id))).toMatchObject({ statusCode: 400 })
  await running.control.hurry()
  expect((await fetch(url, { redirect: 'manual' })).headers.get('location')).toBe(RETURN_URL)
})

test('an expired session takes no card, its intent is cancelled, and nobody but the page may pay or cancel it', async () => {
  let now_ms = Date.UTC(2026, 10, 21)
  await using running = await startRunning({ now_ms: () => now_ms })
  const { stripe } = running
  const { id, url } = await newSession(running)
  await submit(url, card('4000000000000002'))
  const intent = String((await stripe.checkout.sessions.retrieve(id)).payment_intent)
  const foreign = { code: 'payment_intent_unexpected_state' }
  expect(await refusalOf(stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' }))).toMatchObject(
    foreign,
  )
  expect(await refusalOf(stripe.paymentIntents.cancel(intent))).toMatchObject(foreign)
  expect(await stripe.checkout.sessions.expire(id)).toMatchObject({ status: 'expired', url: null })
  expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({ status: 'canceled' })
  expect((await submit(url, card('4242424242424242'))).to?.pathname).toBe(`/c/pay/${id}`)
  expect(await (await fetch(url)).text()).toContain(CANCEL_URL)
  const other = await newSession(running)
  now_ms += 24 * 3_600_000
  expect(await stripe.checkout.sessions.retrieve(other.id)).toMatchObject({ status: 'expired' })
  expect(running.control.ledger()).toEqual([])
  for (const path of ['/c/pay/cs_test_nobody', '/challenge/pi_nobody_secret_x', '/elsewhere']) {
    expect((await fetch(`${running.sandbox.origin}${path}`)).status).toBe(404)
  }
})

test('a session lives for 30 minutes to 24 hours', async () => {
  await using running = await startRunning()
  const create = (seconds: number) =>
    running.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ quantity: 2, price_data: { currency: 'eur', unit_amount: 5, product_data: { name: 'x' } } }],
      success_url: RETURN_URL,
      expires_at: Math.floor(Date.now() / 1_000) + seconds,
    })
  expect(await create(31 * 60)).toMatchObject({ amount_total: 10 })
  for (const seconds of [29 * 60, 25 * 3_600]) {
    expect(await refusalOf(create(seconds))).toMatchObject({ param: 'expires_at' })
  }
})
