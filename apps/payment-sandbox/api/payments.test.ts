import { readFileSync } from 'node:fs'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { idOf, refusalOf, startReceiver, startRunning } from '../../../tests/payment-sandbox.fixture.ts'
import { API_VERSION } from '../objects.ts'

const RETURN_URL = 'https://tickets.test/checkout/done'
const sale = { amount: 684_000, currency: 'inr', metadata: { booking_id: 'bk_1' }, return_url: RETURN_URL } as const

test('we speak the version that the SDK is pinned to', () => {
  expect(Stripe.API_VERSION).toBe(API_VERSION)
})

test('a card that goes through: intent, charge, fee and events', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  const created = await stripe.paymentIntents.create({ ...sale, automatic_payment_methods: { enabled: true } })
  expect(created).toMatchObject({
    status: 'requires_payment_method',
    amount: 684_000,
    metadata: { booking_id: 'bk_1' },
  })
  expect(created.client_secret).toMatch(new RegExp(`^${created.id}_secret_[A-Za-z0-9]{25}$`))
  expect(created.lastResponse.requestId).toMatch(/^req_/)
  const paid = await stripe.paymentIntents.confirm(created.id, {
    payment_method: 'pm_card_visa',
    expand: ['latest_charge.balance_transaction'],
  })
  expect(paid).toMatchObject({ status: 'succeeded', amount_received: 684_000, next_action: null })
  expect(paid.latest_charge).toMatchObject({
    status: 'succeeded',
    paid: true,
    captured: true,
    payment_intent: created.id,
    metadata: { booking_id: 'bk_1' },
    payment_method_details: { card: { brand: 'visa', last4: '4242' } },
    balance_transaction: { amount: 684_000, fee: 10_285, net: 673_715, type: 'charge' },
  })
  await control.settle()
  expect(receiver.types().sort()).toEqual(['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded'])
  expect(control.ledger()).toEqual([
    { currency: 'inr', captured: 684_000, refunded: 0, fees: 10_285, disputed: 0, dispute_fees: 0, balance: 673_715 },
  ])
})

test('create and confirm in one call, and currencies of 0 and 3 decimals as they are', async () => {
  await using running = await startRunning()
  for (const [currency, amount] of [
    ['jpy', 1],
    ['kwd', 12_345],
    ['EUR', 50],
  ] as const) {
    const paid = await running.stripe.paymentIntents.create({
      amount,
      currency,
      confirm: true,
      payment_method: 'pm_card_mastercard',
    })
    expect(paid).toMatchObject({ status: 'succeeded', amount, currency: currency.toLowerCase() })
  }
})

test.each([
  ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
])('%s is a 402 that leaves the intent open for another card', async (payment_method, code, decline_code) => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  const intent = await stripe.paymentIntents.create(sale)
  const refusal = await refusalOf(stripe.paymentIntents.confirm(intent.id, { payment_method }))
  expect(refusal).toBeInstanceOf(Stripe.errors.StripeCardError)
  expect(refusal).toMatchObject({ statusCode: 402, code, decline_code })
  expect(refusal.payment_intent).toMatchObject({
    id: intent.id,
    status: 'requires_payment_method',
    payment_method: null,
  })
  const seen = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
  expect(seen.last_payment_error).toMatchObject({ type: 'card_error', code, payment_method: { type: 'card' } })
  expect(seen.latest_charge).toMatchObject({ status: 'failed', failure_code: code, balance_transaction: null })
  const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
  expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
  await control.settle()
  expect(receiver.types()).toEqual(expect.arrayContaining(['charge.failed', 'payment_intent.payment_failed']))
  expect(control.ledger()).toMatchObject([{ captured: 684_000 }])
})

test('a card that wants a challenge: completed, failed, and declined after it', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, public_origin: 'http://bank.test' })
  const { stripe, control } = running
  const begin = async (payment_method: string): Promise<Stripe.PaymentIntent> => {
    const intent = await stripe.paymentIntents.create(sale)
    return stripe.paymentIntents.confirm(intent.id, { payment_method })
  }
  const asked = await begin('pm_card_authenticationRequired')
  expect(asked.status).toBe('requires_action')
  expect(asked.next_action).toEqual({
    type: 'redirect_to_url',
    redirect_to_url: { url: `http://bank.test/challenge/${asked.client_secret}`, return_url: RETURN_URL },
  })
  expect(await control.challenge(asked.id, 'complete')).toMatchObject({ status: 'succeeded' })
  const failed = await begin('pm_card_threeDSecure2Required')
  expect(await control.challenge(failed.id, 'fail')).toMatchObject({
    status: 'requires_payment_method',
    latest_charge: null,
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  })
  const declined = await begin('pm_card_threeDSecureRequiredChargeDeclined')
  expect(await control.challenge(declined.id, 'complete')).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { code: 'card_declined' },
  })
  await expect(control.challenge(asked.id, 'complete')).rejects.toThrow('waits for no challenge')
  await control.settle()
  expect(receiver.types().filter((type) => type === 'payment_intent.requires_action')).toHaveLength(3)
})

test('an intent is cancelled before money moves and never after', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  const intent = await stripe.paymentIntents.create(sale)
  expect(await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'abandoned' })).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'abandoned',
  })
  const unexpected = { statusCode: 400, code: 'payment_intent_unexpected_state' }
  expect(await refusalOf(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }))).toMatchObject(
    unexpected,
  )
  const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  expect(await refusalOf(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
    ...unexpected,
    payment_intent: { status: 'succeeded' },
  })
  expect(await refusalOf(stripe.paymentIntents.confirm(paid.id))).toMatchObject(unexpected)
  const late = await stripe.paymentIntents.create(sale)
  await control.late(late.id, { after_ms: 60_000, outcome: 'succeed' })
  expect(await stripe.paymentIntents.confirm(late.id, { payment_method: 'pm_card_visa' })).toMatchObject({
    status: 'processing',
  })
  expect(await refusalOf(stripe.paymentIntents.cancel(late.id))).toMatchObject(unexpected)
})

test('a late answer of the bank: processing first, then success or refusal', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  for (const [outcome, status] of [
    ['succeed', 'succeeded'],
    ['fail', 'requires_payment_method'],
  ] as const) {
    const intent = await stripe.paymentIntents.create(sale)
    await control.late(intent.id, { after_ms: 20, outcome })
    const confirmed = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
    expect(confirmed).toMatchObject({ status: 'processing', latest_charge: null })
    await control.settle()
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status })
  }
  expect(receiver.types()).toEqual(
    expect.arrayContaining(['payment_intent.processing', 'payment_intent.succeeded', 'payment_intent.payment_failed']),
  )
})

test('refunds never exceed what is left', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  const paid = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'eur',
    confirm: true,
    payment_method: 'pm_card_visa',
  })
  const part = await stripe.refunds.create({
    payment_intent: paid.id,
    amount: 600,
    reason: 'requested_by_customer',
    metadata: { case: '7' },
  })
  expect(part).toMatchObject({
    status: 'succeeded',
    amount: 600,
    charge: idOf(paid.latest_charge),
    metadata: { case: '7' },
  })
  expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id, amount: 600 }))).toMatchObject({
    statusCode: 400,
    param: 'amount',
    message: 'Refund amount (€6.00) is greater than unrefunded amount on charge (€4.00)',
  })
  const other = await stripe.paymentIntents.create({ amount: 1, currency: 'eur' })
  const mixed = { payment_intent: other.id, charge: idOf(paid.latest_charge) }
  expect(await refusalOf(stripe.refunds.create(mixed))).toMatchObject({ statusCode: 400, param: 'charge' })
  expect(part).not.toHaveProperty('livemode')
  expect(await stripe.refunds.create({ charge: idOf(paid.latest_charge) })).toMatchObject({ amount: 400 })
  expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id }))).toMatchObject({
    statusCode: 400,
    code: 'charge_already_refunded',
  })
  const charge = await stripe.charges.retrieve(idOf(paid.latest_charge), { expand: ['balance_transaction'] })
  expect(charge).toMatchObject({
    refunded: true,
    amount_refunded: 1000,
  })
  const transaction = await stripe.balanceTransactions.retrieve(idOf(part.balance_transaction))
  expect(transaction).toMatchObject({ amount: -600, fee: 0, net: -600, type: 'refund', source: part.id })
  expect((await stripe.refunds.list({ payment_intent: paid.id })).data.map((each) => each.amount)).toEqual([400, 600])
  expect(control.ledger()).toMatchObject([{ captured: 1000, refunded: 1000, fees: 40, balance: -40 }])
  await control.settle()
  expect(receiver.types().filter((type) => type === 'charge.refunded')).toHaveLength(2)
  expect(receiver.types().filter((type) => type === 'refund.created')).toHaveLength(2)
})

test('refunds of an unpaid or unknown payment are refused', async () => {
  await using running = await startRunning()
  const { stripe } = running
  const intent = await stripe.paymentIntents.create(sale)
  await refusalOf(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_chargeDeclined' }))
  expect((await refusalOf(stripe.refunds.create({ payment_intent: intent.id }))).message).toContain(
    'does not have a successful charge',
  )
  expect(await refusalOf(stripe.refunds.create({ payment_intent: 'pi_nobody' }))).toMatchObject({
    code: 'resource_missing',
    statusCode: 400,
  })
  expect(await refusalOf(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' })
})

test('a refund that is pending first, and one that the bank returns', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url, refund_settle_ms: 10 })
  const { stripe, control } = running
  const pay = (payment_method: string): Promise<Stripe.PaymentIntent> =>
    stripe.paymentIntents.create({ amount: 1000, currency: 'usd', confirm: true, payment_method })
  const pending = await stripe.refunds.create({ payment_intent: (await pay('pm_card_pendingRefund')).id })
  const returned = await stripe.refunds.create({ payment_intent: (await pay('pm_card_refundFail')).id, amount: 300 })
  expect([pending.status, returned.status]).toEqual(['pending', 'succeeded'])
  await control.settle()
  expect(await stripe.refunds.retrieve(pending.id)).toMatchObject({ status: 'succeeded' })
  expect(await stripe.refunds.retrieve(returned.id)).toMatchObject({
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
  })
  expect(await stripe.charges.retrieve(idOf(returned.charge))).toMatchObject({ amount_refunded: 0, refunded: false })
  expect(control.ledger()).toMatchObject([{ captured: 2000, refunded: 1000 }])
  expect(receiver.types()).toEqual(expect.arrayContaining(['refund.updated', 'refund.failed']))
})

test('a dispute takes the money and blocks refunds; won, it comes back', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  const paid = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
  })
  const dispute = await control.dispute({ payment_intent: paid.id, reason: 'product_not_received' })
  expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({
    status: 'needs_response',
    amount: 1000,
    payment_intent: paid.id,
  })
  await expect(control.dispute({ payment_intent: paid.id })).rejects.toThrow('disputed already')
  expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id }))).toMatchObject({ code: 'charge_disputed' })
  expect(control.ledger()).toMatchObject([{ disputed: 1000, dispute_fees: 1500 }])
  await control.closeDispute(dispute.id, 'won')
  await expect(control.closeDispute(dispute.id, 'lost')).rejects.toThrow('already closed')
  expect(control.ledger()).toMatchObject([{ disputed: 0, dispute_fees: 1500, balance: 1000 - 40 - 1500 }])
  expect(await stripe.refunds.create({ payment_intent: paid.id })).toMatchObject({ amount: 1000 })
  await control.settle()
  expect(receiver.types()).toEqual(
    expect.arrayContaining([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]),
  )
  const disputed = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_createDispute',
  })
  expect((await stripe.disputes.list({ payment_intent: disputed.id })).data).toMatchObject([{ reason: 'fraudulent' }])
})

test('refusals speak Stripe: credentials, parameters, unknown things', async () => {
  await using running = await startRunning()
  const { stripe, sandbox } = running
  const wrong = new Stripe('sk_live_never', { host: '127.0.0.1', port: sandbox.port, protocol: 'http' })
  const unauthorized = await refusalOf(wrong.paymentIntents.list())
  expect(unauthorized).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  expect(unauthorized.message).not.toContain('sk_live_never')
  expect((await fetch(`${sandbox.origin}/v1/payment_intents`)).status).toBe(401)
  const bad = async (params: Record<string, unknown>): Promise<unknown> => {
    const refusal = await refusalOf(stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams))
    return { code: refusal.code, param: refusal.param, status: refusal.statusCode }
  }
  expect(await bad({ currency: 'eur' })).toEqual({ code: 'parameter_missing', param: 'amount', status: 400 })
  expect(await bad({ amount: 100 })).toEqual({ code: 'parameter_missing', param: 'currency', status: 400 })
  expect(await bad({ amount: 0, currency: 'eur' })).toMatchObject({ code: 'parameter_invalid_integer' })
  expect(await bad({ amount: 12.5, currency: 'eur' })).toMatchObject({ code: 'parameter_invalid_integer' })
  expect(await bad({ amount: 100, currency: 'zzz' })).toMatchObject({ param: 'currency' })
  expect(await bad({ ...sale, ammount: 1 })).toMatchObject({ code: 'parameter_unknown', param: 'ammount' })
  expect(await bad({ ...sale, return_url: 'javascript:alert(1)' })).toMatchObject({ code: 'url_invalid' })
  expect(await bad({ ...sale, payment_method: 'pm_card_unheardof' })).toMatchObject({
    code: 'resource_missing',
    param: 'payment_method',
  })
  expect(await bad({ ...sale, confirm: true })).toMatchObject({ code: 'payment_intent_unexpected_state' })
  expect(await bad({ ...sale, expand: ['client_secret'] })).toMatchObject({ param: 'expand' })
  expect(await refusalOf(stripe.paymentIntents.retrieve('pi_nobody'))).toMatchObject({
    code: 'resource_missing',
    statusCode: 404,
  })
  expect(await refusalOf(stripe.customers.list())).toMatchObject({ statusCode: 404 })
  expect(running.control.objects('payment_intents')).toEqual([])
})

const FIXTURES = 'payments/stripe-fixtures.subset.json'

test.skipIf(!hasReferenceData(FIXTURES))(
  "the fields of our objects are of the same types as in Stripe's own fixtures",
  async () => {
    const { resources } = JSON.parse(readFileSync(referenceData(FIXTURES), 'utf8'))
    await using running = await startRunning()
    const { stripe, control } = running
    const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
    await stripe.refunds.create({ payment_intent: paid.id, amount: 1 })
    await control.dispute({ payment_intent: paid.id })
    const kinds = {
      payment_intents: 'payment_intent',
      charges: 'charge',
      refunds: 'refund',
      balance_transactions: 'balance_transaction',
      disputes: 'dispute',
      events: 'event',
    } as const
    let compared = 0
    for (const [kind, name] of Object.entries(kinds)) {
      const [ours] = control.objects(kind as keyof typeof kinds).map((each) => new Map(Object.entries(each)))
      for (const [field, theirs] of Object.entries(resources[name])) {
        const value = ours?.get(field) ?? null
        if (value === null || theirs === null) continue
        compared += 1
        expect(typeof value, `${name}.${field}`).toBe(typeof theirs)
      }
    }
    expect(compared).toBeGreaterThan(50)
  },
)
