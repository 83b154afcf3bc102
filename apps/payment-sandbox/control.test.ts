import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { type Running, refusalOf, SECRET, startReceiver, startRunning } from '../../tests/payment-sandbox.fixture.ts'

type Answer = { status: number; body: unknown }

async function call(running: Running, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
  const response = await fetch(`${running.sandbox.origin}/sandbox${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

test('everything that a demo or a test orders can be ordered over HTTP', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning()
  const { stripe } = running
  const order = (method: string, path: string, body?: unknown): Promise<Answer> => call(running, method, path, body)
  expect(await order('POST', '/endpoint', { url: receiver.url, secrets: [SECRET] })).toMatchObject({ status: 204 })
  expect(await order('POST', '/webhooks', { withhold: true, shuffle: true })).toMatchObject({
    status: 200,
    body: { withhold: true, shuffle_ms: 200, duplicate: 1 },
  })
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' })
  expect(await order('POST', '/late', { payment_intent: intent.id, succeed_after_ms: 600_000 })).toMatchObject({
    status: 204,
  })
  expect(await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })).toMatchObject({
    status: 'processing',
  })
  expect(await order('POST', '/hurry')).toMatchObject({ status: 204 })
  expect(await order('POST', '/settle')).toMatchObject({ status: 204 })
  expect(await order('GET', '/withheld')).toMatchObject({ body: { items: { length: 4 } } })
  expect(await order('POST', '/withheld/release', {})).toMatchObject({ body: { released: 4 } })
  const dispute = await order('POST', '/disputes', { payment_intent: intent.id })
  const { id } = dispute.body as { id: string }
  expect(await order('POST', `/disputes/${id}/close`, { status: 'lost' })).toMatchObject({ body: { status: 'lost' } })
  const asked = await stripe.paymentIntents.create({
    amount: 5,
    currency: 'eur',
    confirm: true,
    payment_method: 'pm_card_authenticationRequired',
  })
  expect(await order('POST', '/challenges', { payment_intent: asked.id, answer: 'complete' })).toMatchObject({
    body: { status: 'succeeded' },
  })
  expect(await order('POST', '/faults', { path: '/v1/refunds', fault: '500', times: 2 })).toMatchObject({ status: 204 })
  expect(await order('GET', '/faults')).toMatchObject({ body: { items: [{ path: '/v1/refunds', times: 2 }] } })
  expect(await order('DELETE', '/faults')).toMatchObject({ status: 204 })
  expect(await order('GET', '/objects?kind=payment_intents&limit=1')).toMatchObject({
    body: { items: [{ id: asked.id }] },
  })
  expect(await order('GET', '/ledger')).toMatchObject({
    body: { items: [{ currency: 'eur', captured: 1005, disputed: 1000 }] },
  })
  const [event] = (await stripe.events.list({ limit: 1 })).data
  expect(await order('POST', `/events/${event?.id}/resend`)).toMatchObject({ status: 200 })
  await order('POST', '/settle')
  expect(await order('GET', '/deliveries')).toMatchObject({
    body: { items: expect.arrayContaining([expect.objectContaining({ status: 200 })]) },
  })
  expect(await order('POST', '/reset')).toMatchObject({ status: 204 })
  expect(await refusalOf(stripe.paymentIntents.retrieve(intent.id))).toMatchObject({ code: 'resource_missing' })
  expect(await order('GET', '/ledger')).toMatchObject({ body: { items: [] } })
})

test('an order that makes no sense is refused', async () => {
  await using running = await startRunning()
  const status = async (method: string, path: string, body?: unknown): Promise<number> =>
    (await call(running, method, path, body)).status
  expect(await status('POST', '/webhooks', { duplicat: 2 })).toBe(400)
  expect(await status('POST', '/webhooks', { tamper: 2 })).toBe(400)
  expect(await status('POST', '/faults', { path: '/v1/refunds', fault: 'explode' })).toBe(400)
  expect(await status('POST', '/late', { payment_intent: 'pi_nobody', succeed_after_ms: 1 })).toBe(404)
  expect(await status('POST', '/late', { payment_intent: 'pi_nobody' })).toBe(400)
  expect(await status('POST', '/events/evt_nobody/resend')).toBe(404)
  expect(await status('GET', '/objects?kind=customers')).toBe(400)
})

test('web pages and other machines cannot give orders', async () => {
  await using running = await startRunning({ host: '0.0.0.0' })
  expect((await call(running, 'POST', '/reset', undefined, { origin: 'https://evil.test' })).status).toBe(403)
  expect((await call(running, 'POST', '/reset', undefined, { origin: running.sandbox.origin })).status).toBe(403)
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)
  if (outside === undefined) return
  const response = await fetch(`http://${outside.address}:${running.sandbox.port}/sandbox/ledger`)
  expect(response.status).toBe(403)
})
