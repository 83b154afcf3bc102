import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { refusalOf, startRunning, stripeFor } from '../../../tests/payment-sandbox.fixture.ts'

const sale = { amount: 1000, currency: 'eur' } as const

test('a repeated key gets the first answer, marked as replayed, and makes nothing new', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  const first = await stripe.paymentIntents.create({ ...sale, metadata: { a: '1', b: '2' } }, { idempotencyKey: 'k1' })
  const again = await stripe.paymentIntents.create({ metadata: { b: '2', a: '1' }, ...sale }, { idempotencyKey: 'k1' })
  expect(again).toEqual(first)
  expect(again.lastResponse.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
    'idempotency-key': 'k1',
  })
  expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed')
  expect(control.objects('payment_intents')).toHaveLength(1)
})

test('a charge under a key happens once, and its decline is remembered too', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  const intent = await stripe.paymentIntents.create(sale)
  const declined = (): Promise<unknown> =>
    refusalOf(
      stripe.paymentIntents.confirm(
        intent.id,
        { payment_method: 'pm_card_chargeDeclined' },
        { idempotencyKey: 'try-1' },
      ),
    )
  const first = await declined()
  expect(await declined()).toMatchObject({ code: 'card_declined', charge: (first as { charge: string }).charge })
  expect(control.objects('charges')).toHaveLength(1)
  for (let round = 0; round < 3; round += 1) {
    const paid = await stripe.paymentIntents.confirm(
      intent.id,
      { payment_method: 'pm_card_visa' },
      { idempotencyKey: 'try-2' },
    )
    expect(paid.status).toBe('succeeded')
  }
  expect(control.objects('charges')).toHaveLength(2)
  for (let round = 0; round < 3; round += 1) {
    await stripe.refunds.create({ payment_intent: intent.id, amount: 100 }, { idempotencyKey: 'refund' })
  }
  expect(control.ledger()).toMatchObject([{ captured: 1000, refunded: 100 }])
})

test('the same key with other parameters or at another endpoint is refused', async () => {
  await using running = await startRunning()
  const { stripe } = running
  const intent = await stripe.paymentIntents.create(sale, { idempotencyKey: 'k' })
  const other = await refusalOf(stripe.paymentIntents.create({ ...sale, amount: 1001 }, { idempotencyKey: 'k' }))
  expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  expect(other.statusCode).toBe(400)
  const elsewhere = await refusalOf(stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey: 'k' }))
  expect(elsewhere).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  const long = await refusalOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'x'.repeat(256) }))
  expect(long).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
})

test('a key whose first request still runs is a conflict', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  control.fault({ path: '/v1/payment_intents', fault: 'delay', delay_ms: 300 })
  const slow = stripe.paymentIntents.create(sale, { idempotencyKey: 'busy' })
  // The delayed request is in once its fault is used up.
  await expect.poll(() => control.faults()).toEqual([])
  const conflict = await refusalOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'busy' }))
  expect(conflict).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use', rawType: 'idempotency_error' })
  const made = await slow
  expect(await stripe.paymentIntents.create(sale, { idempotencyKey: 'busy' })).toEqual(made)
})

test('a refusal of parameters is not remembered, one by state is', async () => {
  await using running = await startRunning()
  const { stripe } = running
  await refusalOf(stripe.paymentIntents.create({ ...sale, amount: 0 }, { idempotencyKey: 'k' }))
  const intent = await stripe.paymentIntents.create(sale, { idempotencyKey: 'k' })
  const early = { idempotencyKey: 'early-refund' }
  const before = await refusalOf(stripe.refunds.create({ payment_intent: intent.id }, early))
  await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
  const after = await refusalOf(stripe.refunds.create({ payment_intent: intent.id }, early))
  expect(after.message).toBe(before.message)
  expect(after.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  expect(await stripe.refunds.create({ payment_intent: intent.id }, { idempotencyKey: 'fresh' })).toMatchObject({
    amount: 1000,
  })
})

test('keys are forgotten after a day', async () => {
  let now_ms = Date.UTC(2026, 10, 21)
  await using running = await startRunning({ now_ms: () => now_ms })
  const { stripe } = running
  const first = await stripe.paymentIntents.create(sale, { idempotencyKey: 'k' })
  now_ms += 24 * 3_600_000
  expect((await stripe.paymentIntents.create({ ...sale, amount: 7 }, { idempotencyKey: 'k' })).id).not.toBe(first.id)
})

test('drop-response: the charge has happened, the retry under the same key finds it', async () => {
  await using running = await startRunning()
  const { control } = running
  const stripe = stripeFor(running.sandbox.port, { maxNetworkRetries: 2 })
  const intent = await stripe.paymentIntents.create(sale)
  control.fault({ path: '/v1/payment_intents/*', method: 'POST', fault: 'drop-response', times: 2 })
  const paid = await stripe.paymentIntents.confirm(
    intent.id,
    { payment_method: 'pm_card_visa' },
    { idempotencyKey: 'once' },
  )
  expect(paid.status).toBe('succeeded')
  expect(paid.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  expect(control.objects('charges')).toHaveLength(1)
  expect(control.faults()).toEqual([])
})

test('timeout-after-success: the client gives up, the refund is made once', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  control.fault({ path: '/v1/refunds', fault: 'timeout-after-success' })
  const order = { payment_intent: paid.id, amount: 400 }
  const timeout = await refusalOf(stripe.refunds.create(order, { idempotencyKey: 'r1', timeout: 150 }))
  expect(timeout).toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect(control.ledger()).toMatchObject([{ refunded: 400 }])
  expect(await stripe.refunds.create(order, { idempotencyKey: 'r1' })).toMatchObject({ amount: 400 })
  expect(control.ledger()).toMatchObject([{ refunded: 400 }])
})

test('an ordered 500 is kept under its key and does nothing; a 429 is not kept', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  control.fault({ path: '/v1/payment_intents', fault: '500' })
  const failed = await refusalOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'k500' }))
  expect(failed).toMatchObject({ statusCode: 500, headers: { 'stripe-should-retry': 'false' } })
  expect(await refusalOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'k500' }))).toMatchObject({
    statusCode: 500,
    headers: { 'idempotent-replayed': 'true' },
  })
  expect(control.objects('payment_intents')).toHaveLength(0)
  control.fault({ path: '/v1/payment_intents', fault: '429' })
  expect(await refusalOf(stripe.paymentIntents.create(sale, { idempotencyKey: 'k429' }))).toBeInstanceOf(
    Stripe.errors.StripeRateLimitError,
  )
  expect(await stripe.paymentIntents.create(sale, { idempotencyKey: 'k429' })).toMatchObject({
    object: 'payment_intent',
  })
})
