import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { confirmPayment } from './confirm.ts'
import { type Fixture, ORIGIN, openFixture } from './fixture.ts'
import { openRegistry } from './provider/registry.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(async () => {
  fixture.bookings.away = false
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.drained()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const told = async (topic: string, payment_id: string) =>
  (await fixture.context.published(topic)).filter((event) => event.key === payment_id).map((event) => event.payload)
const attemptsOf = (payment_id: string) =>
  fixture.context.owner.query('select * from payment.confirm_attempts where payment_id = $1', [payment_id])

test('whoever paid loses the payment with the booking', async () => {
  const { booking, payment_id } = await fixture.pay()
  const read = (user_id: string) => fixture.call(asPrincipal(user_id), 'GET', `/api/v1/payments/${payment_id}`)
  const guest = booking.user_id
  expect((await read(guest)).status).toBe(200)
  booking.user_id = 'usr_account_that_adopted'
  expect((await read(guest)).status).toBe(404)
  expect((await read(booking.user_id)).status).toBe(200)
})

test('a card pays a held booking: confirmed, booked, told once', async () => {
  const { booking, payment_id, answer } = await fixture.pay()
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ payment_id, status: 'succeeded', booking: { id: booking.id, status: 'confirmed' } })
  await fixture.drained()
  const read = await fixture.call(asPrincipal(booking.user_id), 'GET', `/api/v1/payments/${payment_id}`)
  expect(read.body).toEqual({
    id: payment_id,
    booking_id: booking.id,
    provider: 'stripe',
    status: 'succeeded',
    amount: money(4_800, 'USD'),
    captured: money(4_800, 'USD'),
    refunded: money(0, 'USD'),
    outcome: 'confirmed',
    settlement: 'confirmed',
    settlement_reason: null,
    failure_code: null,
    refunds: [],
  })
  expect(await told('payment.succeeded', payment_id)).toEqual([
    { payment_id, booking_id: booking.id, amount: money(4_800, 'USD') },
  ])
  expect(await fixture.row(payment_id)).toMatchObject({
    settlement: 'confirmed',
    next_check_at: null,
    holder_email: `${booking.user_id}@test`,
  })
  await fixture.sound()
})

test('refusals: no key, another one’s payment, no such payment, a method that does not exist', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const body = { payment_id, payment_method: 'pm_card_visa' }
  expect((await fixture.call(asPrincipal(booking.user_id), 'POST', '/api/v1/payments/confirm', body)).status).toBe(428)
  expect((await fixture.call(asPrincipal('usr_x'), 'POST', '/api/v1/payments/confirm', body, 'k')).status).toBe(404)
  expect((await fixture.confirm(booking, 'pay_unknown')).status).toBe(404)
  expect((await fixture.confirm(booking, payment_id, 'pm_made_up', 'free')).status).toBe(422)
  expect(await attemptsOf(payment_id)).toEqual([])
  expect((await fixture.confirm(booking, payment_id, 'pm_card_visa', 'free')).body).toMatchObject({
    status: 'succeeded',
  })
})

test('a declined card leaves the hold; its key keeps the answer; another card pays', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const declined = await fixture.confirm(booking, payment_id, 'pm_card_chargeDeclinedInsufficientFunds', 'first')
  expect(declined.status).toBe(402)
  expect(declined.body).toMatchObject({ type: '/problems/payment-failed', decline_code: 'insufficient_funds' })
  expect(booking.status).toBe('held')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed' })
  const again = await fixture.confirm(booking, payment_id, 'pm_card_chargeDeclinedInsufficientFunds', 'first')
  expect([again.status, again.body.decline_code]).toEqual([402, 'insufficient_funds'])
  expect((await fixture.confirm(booking, payment_id, 'pm_card_visa', 'first')).status).toBe(422)
  expect((await fixture.confirm(booking, payment_id, 'pm_card_visa', 'second')).body).toMatchObject({
    status: 'succeeded',
  })
  await fixture.drained()
  expect(await told('payment.failed', payment_id)).toEqual([
    { payment_id, booking_id: booking.id, reason: 'insufficient_funds' },
  ])
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('a bank that wants a challenge is told to the buyer, and the webhook finishes what the browser did', async () => {
  const { booking, payment_id, answer } = await fixture.pay(undefined, 'pm_card_authenticationRequired')
  expect(answer.body).toMatchObject({
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: { url: expect.stringContaining('/challenge/') } },
    booking: { status: 'held' },
  })
  const { provider_ref } = await fixture.row(payment_id)
  await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('a failed challenge is a failed payment', async () => {
  const { booking, payment_id } = await fixture.pay(undefined, 'pm_card_authenticationRequired')
  const { provider_ref } = await fixture.row(payment_id)
  await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'fail' })
  await fixture.drained()
  expect([booking.status, (await fixture.row(payment_id)).status]).toEqual(['held', 'failed'])
})

test('twenty-four confirmations with one key charge once and answer the same', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const answers = await Promise.all(
    Array.from({ length: 24 }, () => fixture.confirm(booking, payment_id, 'pm_card_visa', 'all')),
  )
  expect(new Set(answers.map((answer) => `${answer.status} ${JSON.stringify(answer.body)}`))).toEqual(
    new Set([
      `200 ${JSON.stringify({ payment_id, status: 'succeeded', booking: { id: booking.id, status: 'confirmed' } })}`,
    ]),
  )
  expect(await told('payment.succeeded', payment_id)).toHaveLength(1)
})

test('an ended hold is 410 and nothing is charged', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const before = await fixture.sandbox.ledger('USD')
  fixture.bookings.expire(booking.id, false)
  const answer = await fixture.confirm(booking, payment_id, 'pm_card_visa', 'late')
  expect([answer.status, answer.body]).toMatchObject([410, { type: '/problems/hold-expired' }])
  expect(await fixture.sandbox.ledger('USD')).toEqual(before)
  expect(await attemptsOf(payment_id)).toEqual([])
})

test('a charge whose answer was cut off is found under its key: one charge, one answer', async () => {
  const before = await fixture.sandbox.ledger('USD')
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/payment_intents/*',
    method: 'POST',
    fault: 'drop-response',
  })
  const { answer } = await fixture.pay()
  expect(answer.body).toMatchObject({ status: 'succeeded' })
  expect((await fixture.sandbox.ledger('USD')).captured - before.captured).toBe(4_800)
})

test('a failure remembered by the provider under the key of a charge does not block it', async () => {
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/payment_intents/*', method: 'POST', fault: '500' })
  expect((await fixture.pay()).answer.body).toMatchObject({ status: 'succeeded' })
})

test('no answer at all is processing, never a guess; the same key takes it up', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/payment_intents/*',
    method: 'POST',
    fault: '429',
    times: 100,
  })
  const unknown = await fixture.confirm(booking, payment_id, 'pm_card_visa', 'unclear')
  expect([unknown.status, unknown.body]).toEqual([
    200,
    { payment_id, status: 'processing', booking: { id: booking.id, status: 'held' } },
  ])
  expect((await fixture.row(payment_id)).status).toBe('processing')
  await fixture.sandbox.control('DELETE', '/faults')
  const resumed = await fixture.confirm(booking, payment_id, 'pm_card_visa', 'unclear')
  expect(resumed.body).toMatchObject({ status: 'succeeded' })
  expect((await fixture.confirm(booking, payment_id, 'pm_card_visa', 'unclear')).body).toEqual(resumed.body)
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('a success that the process died before recording is found by the reconciler, and its key answers it', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/payment_intents/*',
    method: 'POST',
    fault: 'timeout-after-success',
    times: 100,
  })
  const lost = await fixture.confirm(booking, payment_id, 'pm_card_visa', 'killed')
  expect(lost.body).toMatchObject({ status: 'processing' })
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.reconcile(new Date(Date.now() + 20_000))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
  expect(booking.status).toBe('confirmed')
  expect((await fixture.confirm(booking, payment_id, 'pm_card_visa', 'killed')).body).toMatchObject({
    status: 'succeeded',
  })
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

test('a charge that never arrived is failed after a while, and the buyer may try again', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.sandbox.control('POST', '/faults', {
    path: '/v1/payment_intents/*',
    method: 'POST',
    fault: '429',
    times: 100,
  })
  await fixture.confirm(booking, payment_id)
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.reconcile(new Date(Date.now() + 20_000))
  expect((await fixture.row(payment_id)).status).toBe('failed')
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'succeeded' })
})

test('booking away: processing, and the reconciler settles it', async () => {
  fixture.bookings.away = true
  const { booking, payment_id, answer } = await fixture.pay()
  expect(answer.body).toMatchObject({ status: 'processing' })
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'pending' })
  fixture.bookings.away = false
  await fixture.reconcile(new Date(Date.now() + 11_000))
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({ settlement: 'confirmed', next_check_at: null })
})

test('an answer of the bank that comes later is processing until the webhook', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  await fixture.sandbox.control('POST', '/late', { payment_intent: provider_ref, succeed_after_ms: 3_600_000 })
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'processing' })
  await fixture.sandbox.control('POST', '/hurry')
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
})

test('an answer of the bank that comes later is told to the same key, and nothing goes back to processing', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  await fixture.sandbox.control('POST', '/late', { payment_intent: provider_ref, fail_after_ms: 3_600_000 })
  const charge = () => fixture.confirm(booking, payment_id, 'pm_card_visa', 'undecided')
  expect((await charge()).body).toMatchObject({ status: 'processing' })
  await fixture.sandbox.control('POST', '/hurry')
  await fixture.drained()
  const declined = await charge()
  expect([declined.status, declined.body]).toMatchObject([402, { type: '/problems/payment-failed' }])
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed' })
  expect((await charge()).status).toBe(402)
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'succeeded' })
})

test('a charge that was not heard of is asked for again although another tab wants to come back elsewhere', async () => {
  const { deps } = fixture.context
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const real = deps.providers.preferred
  const confirmIntent: typeof real.confirmIntent = async (...asked) => {
    await real.confirmIntent(...asked)
    return { kind: 'unknown', error: 'lost' }
  }
  const idempotency = { owner: booking.user_id, operation: '', key: newId('msg'), body_hash: 'h' }
  const charge = (at = deps) =>
    confirmPayment(at, { idempotency, sources: [], body: { payment_id, payment_method: 'pm_card_visa' } })
  const unheard = { ...deps, providers: openRegistry([{ ...real, confirmIntent }]) }
  expect(await charge(unheard)).toMatchObject({ body: { status: 'processing' } })
  await fixture.intent(booking, { body: { return_url: `${ORIGIN}/elsewhere` } })
  expect(await charge()).toMatchObject({ body: { status: 'succeeded' } })
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
})
