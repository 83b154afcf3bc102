import { expect, test } from 'vitest'
import { SECRET, startReceiver, startRunning, stripeFor } from '../../../tests/payment-sandbox.fixture.ts'
import { RETRY, waitAfter } from './deliverer.ts'

const paid = { amount: 1000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' } as const
const FAST = { first_ms: 5, max_ms: 20, attempts: 6 }

test('each event arrives once, signed, with the object as it was then', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const intent = await running.stripe.paymentIntents.create(paid, { idempotencyKey: 'k' })
  await running.control.settle()
  expect(receiver.seen).toHaveLength(3)
  const created = receiver.seen.find(({ event }) => event?.type === 'payment_intent.created')
  expect(created?.event?.data.object).toMatchObject({ id: intent.id, status: 'requires_confirmation' })
  expect(created?.event?.request).toEqual({ id: intent.lastResponse.requestId, idempotency_key: 'k' })
  expect((await running.stripe.events.list()).data.every((event) => event.pending_webhooks === 0)).toBe(true)
})

test('settling waits for what has not committed yet, and then for its events', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { latest_charge } = await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  const disputing = running.control.dispute({ charge: String(latest_charge) })
  await running.control.settle()
  expect(receiver.types()).toContain('charge.dispute.created')
  await disputing
})

test('the signature is over the raw bytes: re-serialised JSON does not pass', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  const [seen] = receiver.seen
  const again = JSON.stringify(JSON.parse(seen?.body ?? ''))
  expect(() => running.stripe.webhooks.constructEvent(again, seen?.signature ?? '', SECRET)).toThrow('signature')
})

test('while a secret is rotated either one verifies', async () => {
  await using receiver = await startReceiver('whsec_new')
  await using running = await startRunning({ webhook_url: receiver.url, webhook_secrets: ['whsec_old', 'whsec_new'] })
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  expect(receiver.types()).toHaveLength(3)
  const [seen] = receiver.seen
  expect(seen?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/)
  expect(stripeFor(1).webhooks.constructEvent(seen?.body ?? '', seen?.signature ?? '', 'whsec_old')).toMatchObject({
    object: 'event',
  })
})

test('what is not answered with 2xx is tried again until it is', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, retry: FAST })
  receiver.answer((_seen, n) => (n <= 5 ? ([500, 404, 302, 400, 503][n - 1] ?? 500) : 200))
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  expect(receiver.seen).toHaveLength(3 + 5)
  expect(new Set(receiver.seen.filter(({ status }) => status === 200).map(({ event }) => event?.id)).size).toBe(3)
})

test('an endpoint that hangs is let go after the timeout', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, retry: FAST, webhook_timeout_ms: 500 })
  receiver.answer((_seen, n) => (n <= 3 ? 0 : 200))
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  expect(running.control.attempts().filter((attempt) => attempt.error === 'No answer within 500 ms')).toHaveLength(3)
  expect(receiver.seen.filter(({ status }) => status === 200)).toHaveLength(3)
})

test('an endpoint that is down is tried later', async () => {
  await using running = await startRunning({
    webhook_url: 'http://127.0.0.1:9/hook',
    retry: { ...FAST, attempts: 1_000 },
  })
  await running.stripe.paymentIntents.create(paid)
  await expect.poll(() => running.control.attempts().length).toBeGreaterThanOrEqual(6)
  expect(running.control.attempts()[0]).toMatchObject({ status: 0, result: 'retried' })
  await using receiver = await startReceiver()
  running.control.endpoint({ url: receiver.url, secrets: [SECRET] })
  await running.control.settle()
  expect(receiver.types()).toHaveLength(3)
})

test('after its last attempt an event is given up, and can be sent again by hand', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, retry: FAST })
  receiver.answer(() => 500)
  await running.stripe.paymentIntents.create({ amount: 1, currency: 'eur' })
  await running.control.settle()
  const last = running.control.attempts().at(-1)
  expect(last).toMatchObject({ attempt: 6, result: 'given-up' })
  receiver.answer(() => 200)
  running.control.resend(last?.event ?? '')
  await running.control.settle()
  expect((await running.stripe.events.retrieve(last?.event ?? '')).pending_webhooks).toBe(0)
})

test('the schedule: 0.2 s, doubling, at most a minute', () => {
  expect([1, 2, 3, 4, 9].map((attempt) => waitAfter(attempt, RETRY))).toEqual([200, 400, 800, 1600, 51_200])
  expect(waitAfter(RETRY.attempts - 1, RETRY)).toBe(60_000)
})

test('duplicates, lost answers and shuffling: everything arrives, more than once, in any order', async () => {
  await using receiver = await startReceiver()
  // A machine that stands still for longer than the limit would time out requests in flight, and add attempts to count.
  await using running = await startRunning({ webhook_url: receiver.url, retry: FAST, webhook_timeout_ms: 60_000 })
  const { stripe, control } = running
  control.webhooks({ duplicate: 3, fail_first: 1, shuffle_ms: 60, seed: 7 })
  for (let n = 0; n < 10; n += 1) await stripe.paymentIntents.create(paid)
  await control.settle()
  const counts = Map.groupBy(receiver.seen, ({ event }) => event?.id)
  expect(counts.size).toBe(30)
  expect([...counts.values()].every((copies) => copies.length === 6)).toBe(true)
  const made = (await stripe.events.list({ limit: 100 })).data.map((event) => event.id).reverse()
  expect([...counts.keys()]).not.toEqual(made)
})

test('withheld events wait for the order, by type, oldest or newest first', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  control.webhooks({ withhold: ['payment_intent.succeeded', 'charge.refunded', 'refund.created'] })
  const intent = await stripe.paymentIntents.create(paid)
  await stripe.refunds.create({ payment_intent: intent.id })
  await control.settle()
  expect(receiver.types().sort()).toEqual(['charge.succeeded', 'payment_intent.created'])
  expect(control.release({ types: ['charge.refunded'] })).toBe(1)
  await control.settle()
  expect(receiver.types().at(-1)).toBe('charge.refunded')
  expect(control.release({ newest_first: true })).toBe(2)
  expect(control.withheld()).toEqual([])
  await control.settle()
  expect(receiver.types()).toHaveLength(5)
})

test('delayed events come late', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  running.control.webhooks({ delay_ms: 120 })
  const before = performance.now()
  await running.stripe.paymentIntents.create({ amount: 1, currency: 'eur' })
  await running.control.settle()
  expect(performance.now() - before).toBeGreaterThan(115)
  expect(receiver.seen).toHaveLength(1)
})

test('forgeries come besides the genuine events, and the SDK refuses every one', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  running.control.webhooks({ tamper: 1 })
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  expect(receiver.types()).toHaveLength(3)
  expect(receiver.seen.filter(({ status }) => status === 400)).toHaveLength(3)
  const forged = running.control.attempts().filter((attempt) => attempt.forgery !== null)
  expect(new Set(forged.map((attempt) => attempt.forgery))).toEqual(new Set(['body', 'signature', 'stale']))
  expect(forged.every((attempt) => attempt.status === 400)).toBe(true)
})

test('an endpoint is sent the types of events that it subscribes to; the others are only listed', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, webhook_events: ['payment_intent.succeeded'] })
  await running.stripe.paymentIntents.create(paid)
  await running.control.settle()
  expect(receiver.types()).toEqual(['payment_intent.succeeded'])
  const listed = (await running.stripe.events.list()).data
  expect(listed.map((event) => event.pending_webhooks)).toEqual([0, 0, 0])
})

test('without an endpoint nothing is pending', async () => {
  await using running = await startRunning()
  await running.stripe.paymentIntents.create(paid)
  expect((await running.stripe.events.list()).data.every((event) => event.pending_webhooks === 0)).toBe(true)
  await running.control.settle()
})

test('an endpoint without a secret is refused at the start', async () => {
  await expect(startRunning({ webhook_url: 'http://127.0.0.1:9/hook', webhook_secrets: [] })).rejects.toThrow(
    'never sent unsigned',
  )
})
