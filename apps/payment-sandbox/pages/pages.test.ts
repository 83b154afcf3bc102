import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { type Running, startRunning } from '../testing.fixture.ts'

const RETURN_URL = 'https://tickets.test/checkout/done?booking=bk_1'

async function newIntent(
  running: Running,
  more: Partial<Stripe.PaymentIntentCreateParams> = { return_url: RETURN_URL },
): Promise<{ id: string; url: string }> {
  const intent = await running.stripe.paymentIntents.create({
    amount: 5000,
    currency: 'jpy',
    description: 'Kabuki <night>',
    ...more,
  })
  return { id: intent.id, url: `${running.sandbox.origin}/pay/${intent.client_secret}` }
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

test('the page shows the amount in its own decimals, escapes what it is given and allows nothing from elsewhere', async () => {
  await using running = await startRunning()
  const response = await fetch((await newIntent(running)).url)
  const text = await response.text()
  expect(text).toContain('Pay ¥5,000<')
  expect(text).toContain('Kabuki &lt;night&gt;')
  expect(text).not.toMatch(/<script>|style="|onclick|https?:\/\/(?!tickets\.test)/)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('content-security-policy')).toContain("form-action 'self' https://tickets.test;")
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  const kuwait = await newIntent(running, { amount: 12_345, currency: 'kwd' })
  expect(await (await fetch(kuwait.url)).text()).toMatch(/KWD\s12\.345/)
  for (const asset of ['pay.css', 'pay.js', 'mark.svg', 'geist.woff2', 'bricolage.woff2']) {
    expect((await fetch(`${running.sandbox.origin}/assets/${asset}`)).status, asset).toBe(200)
  }
})

test('paying sends the buyer back with the outcome; paying again changes nothing', async () => {
  await using running = await startRunning()
  const { id, url } = await newIntent(running)
  const paid = await submit(url, card('4242 4242 4242 4242'))
  expect(paid.status).toBe(303)
  expect(paid.to?.origin).toBe('https://tickets.test')
  expect(Object.fromEntries(paid.to?.searchParams ?? [])).toMatchObject({
    booking: 'bk_1',
    payment_intent: id,
    redirect_status: 'succeeded',
  })
  expect((await submit(url, card('4242 4242 4242 4242'))).to?.href).toBe(paid.to?.href)
  expect(running.control.ledger()).toMatchObject([{ captured: 5000 }])
  expect(await (await fetch(url)).text()).toContain('The bank said yes')
})

test('a wrong field and a declined card are said on the page, and the number is not kept', async () => {
  await using running = await startRunning()
  const { id, url } = await newIntent(running)
  const typo = await submit(url, card('4242 4242 4242 4241'))
  expect(typo.status).toBe(422)
  expect(typo.text).toContain('One digit is off')
  const declined = await submit(url, card('4000000000009995'))
  expect(declined.status).toBe(402)
  expect(declined.text).toContain('not enough money on this card')
  expect(JSON.stringify(running.control.objects('charges'))).not.toContain('4000000000009995')
  expect(await running.stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_payment_method' })
  expect((await submit(url, { fill: '4242 4242 4242 4242' })).text).toContain('value="4242 4242 4242 4242"')
})

test('the script is answered in JSON with the same words', async () => {
  await using running = await startRunning()
  const { url } = await newIntent(running)
  const ask = async (fields: Record<string, string>): Promise<unknown> =>
    (
      await fetch(url, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields) })
    ).json()
  expect(await ask({})).toEqual({
    kind: 'invalid',
    errors: { number: 'Enter the card number.', expiry: 'Enter month and year.', cvc: '3 digits, on the back.' },
  })
  expect(await ask(card('4000000000000002'))).toMatchObject({
    kind: 'refused',
    refusal: expect.stringContaining('said no'),
  })
  expect(await ask(card('4242424242424242'))).toMatchObject({
    kind: 'redirect',
    url: expect.stringContaining('redirect_status=succeeded'),
  })
})

test('the bank asks: approved goes back as succeeded, refused as failed, and each only once', async () => {
  await using running = await startRunning()
  for (const [answer, redirect_status, status] of [
    ['complete', 'succeeded', 'succeeded'],
    ['fail', 'failed', 'requires_payment_method'],
  ] as const) {
    const { id, url } = await newIntent(running)
    const asked = await submit(url, card('4000002500003155'))
    expect(asked.to?.pathname).toMatch(/^\/challenge\/pi_/)
    expect(await (await fetch(asked.to ?? '')).text()).toContain('3155')
    expect(await (await fetch(url)).text()).toContain('Your bank has a question')
    const answered = await submit(String(asked.to), { answer })
    expect(answered.to?.searchParams.get('redirect_status')).toBe(redirect_status)
    expect((await submit(String(asked.to), { answer: 'complete' })).to?.searchParams.get('redirect_status')).toBe(
      redirect_status,
    )
    expect(await running.stripe.paymentIntents.retrieve(id)).toMatchObject({ status })
  }
})

test('a slow bank: the page waits and then knows where to go', async () => {
  await using running = await startRunning()
  const { id, url } = await newIntent(running)
  await running.control.late(id, { after_ms: 60_000, outcome: 'succeed' })
  expect((await submit(url, card('4242424242424242'))).to?.pathname).toMatch(/^\/pay\/pi_/)
  expect(await (await fetch(url)).text()).toContain('taking its time')
  expect(await (await fetch(`${url}/status`)).json()).toEqual({ url: null })
  await running.control.hurry()
  expect(await (await fetch(`${url}/status`)).json()).toEqual({
    url: expect.stringContaining('redirect_status=succeeded'),
  })
})

test('without a return address the outcome stays here; unknown and cancelled payments say so', async () => {
  await using running = await startRunning()
  const { url } = await newIntent(running, {})
  expect((await submit(url, card('4242424242424242'))).to?.href).toBe(url)
  const { id, url: other } = await newIntent(running)
  await running.stripe.paymentIntents.cancel(id)
  const cancelled = await (await fetch(other)).text()
  expect(cancelled).toContain('Called off')
  expect(cancelled).toContain('redirect_status=canceled')
  expect((await fetch(`${running.sandbox.origin}/pay/pi_nobody_secret_x`)).status).toBe(404)
  expect((await fetch(`${running.sandbox.origin}/challenge/${id}_secret_guessed`)).status).toBe(404)
  expect((await fetch(`${running.sandbox.origin}/elsewhere`)).status).toBe(404)
})
