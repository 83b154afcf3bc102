import { createHmac } from 'node:crypto'
import { newId } from '@tessera/contracts/ids'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { confirmPayment } from '../confirm.ts'
import { ADMIN, type Fixture, openFixture, SECRET } from '../fixture.ts'
import { NO_EVENTS, NO_SIGNATURES } from '../provider/stripe/webhook.fixture.ts'
import { drainEvents } from '../reconcile/reconcile.ts'
import { forgetEvents } from './forget.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterEach(async () => {
  const calm = { duplicate: 1, shuffle: false, withhold: false, tamper: 0, fail_first: 0 }
  await fixture.sandbox.control('POST', '/webhooks', calm)
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await fixture.sandbox.control('DELETE', '/faults')
  await fixture.drained()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const now_s = (): number => Math.floor(Date.now() / 1_000)
const mac = (body: string, at_s: number, secret: string): string =>
  createHmac('sha256', secret).update(`${at_s}.${body}`).digest('hex')
const signed = (body: string, at_s = now_s(), secret = SECRET): string => `t=${at_s},v1=${mac(body, at_s, secret)}`
const events = (where: string, values: unknown[] = []) =>
  fixture.context.owner.query<{ event_id: string; state: string; tries: number }>(
    `select * from payment.webhook_events where ${where}`,
    values,
  )

function eventBody(id: string, object: Record<string, unknown>, type = 'payment_intent.succeeded'): string {
  return JSON.stringify({
    id,
    object: 'event',
    api_version: '2026-09-30',
    created: now_s(),
    type,
    data: { object },
    livemode: false,
  })
}

async function deliver(body: string, signature: string | null, path = '/webhooks/stripe') {
  const headers = {
    'content-type': 'application/json',
    ...(signature === null ? {} : { 'stripe-signature': signature }),
  }
  return fixture.context.call('POST', path, { body, headers })
}

/** A buyer who pays in the browser: only the webhook tells us. */
async function payInBrowser() {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  const answer = await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${provider_ref}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  expect(answer.status).toBe(200)
  return { booking, payment_id, provider_ref: String(provider_ref) }
}

test('a payment made in the browser is confirmed by its webhook, under both addresses', async () => {
  const { booking, payment_id } = await payInBrowser()
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
  const body = eventBody('evt_other_address', { id: 'pi_x', object: 'payment_intent' }, 'payment_intent.created')
  expect((await deliver(body, signed(body), '/api/v1/webhooks/stripe')).body).toEqual({ received: true })
})

test('a webhook that comes while a request ends its payment is left to it, and taken up when that is over', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { payment_id, provider_ref } = await payInBrowser()
  const { deps } = fixture.context
  deps.concluding.add(payment_id)
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'created', settlement: null })
  expect(await events('intent_ref = $1', [provider_ref])).toMatchObject([{ state: 'received', tries: 0 }])
  deps.concluding.delete(payment_id)
  await drainEvents(deps, null)
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
  expect(await events('intent_ref = $1', [provider_ref])).toMatchObject([{ state: 'done' }])
})

test('a webhook that came while a request left its payment open settles it when the request has ended', async () => {
  const { deps } = fixture.context
  const { id: booking_id, user_id: owner } = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(fixture.bookings.get(booking_id))).body
  const [asked, away] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()]
  const settle_paid = () => {
    asked.resolve()
    return away.promise
  }
  const request = confirmPayment(
    { ...deps, rpc: { ...deps.rpc, booking: { ...deps.rpc.booking, settle_paid } } },
    {
      idempotency: { owner, operation: '', key: newId('msg'), body_hash: 'h' },
      sources: [],
      body: { payment_id, payment_method: 'pm_card_visa' },
    },
  )
  await asked.promise
  await fixture.drained()
  expect(await events('payment_hint = $1', [payment_id])).toMatchObject([{ state: 'received', tries: 0 }])
  away.reject(new Error('booking does not answer'))
  expect(await request).toMatchObject({ kind: 'answered', body: { status: 'processing' } })
  await deps.webhooks.idle()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('signatures: wrong, missing, stale by 301 s, over other bytes: 400 and nothing recorded', async () => {
  const body = eventBody('evt_forged', { id: 'pi_x', object: 'payment_intent' })
  const refusals = [
    await deliver(body, null),
    await deliver(body, 'nonsense'),
    await deliver(body, `t=${now_s()}`),
    await deliver(body, signed(body, now_s(), 'whsec_of_somebody_else')),
    await deliver(body, signed(body, now_s() - 301)),
    await deliver(`${body} `, signed(body)),
    await deliver(JSON.stringify(JSON.parse(body), null, 1), signed(body)),
    await deliver('', signed('')),
    await deliver('not json', signed('not json')),
  ]
  for (const refusal of refusals)
    expect([refusal.status, refusal.body]).toMatchObject([400, { type: '/problems/bad-signature' }])
  expect(await events(`event_id = 'evt_forged'`)).toEqual([])
})

test('a malformed signature header is 400, never 500, and leaves no row', async () => {
  const body = eventBody('evt_unsigned_by_form', { id: 'pi_x', object: 'payment_intent' })
  const at_s = now_s()
  for (const header of NO_SIGNATURES(String(at_s), mac(body, at_s, SECRET))) {
    expect([header, (await deliver(body, header ?? null)).status]).toEqual([header, 400])
  }
  expect(await events(`event_id = 'evt_unsigned_by_form'`)).toEqual([])
  expect((await deliver(body, signed(body))).status).toBe(200)
})

test('a body that is no event is 400, never 500, although it is rightly signed', async () => {
  const before = await events('true')
  for (const [name, body] of NO_EVENTS) {
    const answer = await deliver(body, signed(body))
    expect([name, answer.status, answer.body]).toMatchObject([name, 400, { type: '/problems/bad-signature' }])
  }
  expect(await events('true')).toEqual(before)
})

test('an event about nothing of ours is acknowledged and not kept', async () => {
  const body = eventBody('evt_of_a_plan', { id: 'x'.repeat(5_000), object: 'plan' }, 'plan.created')
  expect((await deliver(body, signed(body))).body).toEqual({ received: true })
  expect(await events(`event_id = 'evt_of_a_plan'`)).toEqual([])
})

test('signatures: 299 s old, and either of two while the secret is rotated: 200', async () => {
  const body = eventBody('evt_fine', { id: 'pi_x', object: 'payment_intent' })
  expect((await deliver(body, signed(body, now_s() - 299))).status).toBe(200)
  const at_s = now_s()
  const two = `t=${at_s},v1=${mac(body, at_s, 'whsec_old')},v1=${mac(body, at_s, SECRET)}`
  expect((await deliver(body, two)).status).toBe(200)
  expect(await events(`event_id = 'evt_fine'`)).toHaveLength(1)
})

test('2 MB are 413, another content type is 415', async () => {
  const body = `{"x":"${'y'.repeat(2_000_000)}"}`
  expect((await deliver(body, signed(body))).status).toBe(413)
  const answer = await fixture.context.call('POST', '/webhooks/stripe', {
    body: 'a=b',
    headers: { 'content-type': 'text/plain' },
  })
  expect(answer.status).toBe(415)
})

test('without a secret nothing is believed: 503', async () => {
  await using open = await openFixture({ secret: '', webhooks: false })
  const body = eventBody('evt_unsigned', { id: 'pi_x', object: 'payment_intent' })
  for (const signature of [null, signed(body, now_s(), ''), signed(body)]) {
    const headers = {
      'content-type': 'application/json',
      ...(signature === null ? {} : { 'stripe-signature': signature }),
    }
    expect((await open.context.call('POST', '/webhooks/stripe', { body, headers })).status).toBe(503)
  }
  expect(await open.context.owner.query('select 1 from payment.webhook_events')).toEqual([])
})

test('five copies of each event, in parallel and shuffled: one effect', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { duplicate: 5, shuffle: true, seed: 7 })
  const paid = await Promise.all(Array.from({ length: 10 }, () => payInBrowser()))
  await fixture.drained()
  for (const { booking, payment_id } of paid) {
    expect(booking.status).toBe('confirmed')
    expect(fixture.bookings.asked(booking.id)).toBe(1)
    const told = await fixture.context.published('payment.succeeded')
    expect(told.filter((event) => event.key === payment_id)).toHaveLength(1)
  }
})

test('forged, shuffled, lost answers and repeats together: every genuine payment once, no forgery accepted', async () => {
  await fixture.sandbox.control('POST', '/webhooks', {
    duplicate: 3,
    shuffle: true,
    tamper: 1,
    fail_first: 1,
    seed: 11,
  })
  const paid = await Promise.all(Array.from({ length: 10 }, () => payInBrowser()))
  await fixture.drained()
  for (const { booking } of paid) expect(booking.status).toBe('confirmed')
  const { items } = await fixture.sandbox.control<{ items: { forgery: string | null; status: number }[] }>(
    'GET',
    '/deliveries',
  )
  const forged = items.filter((attempt) => attempt.forgery !== null)
  expect(forged.length).toBeGreaterThan(0)
  expect(forged.filter((attempt) => attempt.status !== 400)).toEqual([])
})

test('newest first: refunded before succeeded ends as the provider’s object stands', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, payment_id, provider_ref } = await payInBrowser()
  const refund = await fetch(`${fixture.sandbox.origin}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: `payment_intent=${provider_ref}&amount=800`,
  })
  expect(refund.status).toBe(200)
  await fixture.sandbox.control('POST', '/withheld/release', {
    types: ['charge.refunded', 'refund.created'],
    newest_first: true,
  })
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'partially_refunded',
    refunded: 800,
    refund_pending: 0,
  })
  expect(booking.status).toBe('confirmed')
  await fixture.sandbox.control('POST', '/withheld/release', { newest_first: true })
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'partially_refunded', refunded: 800 })
})

test('a lost webhook is found by the reconciler', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, payment_id } = await payInBrowser()
  await fixture.reconcile()
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', settlement: 'confirmed' })
})

test('a lost webhook is found although the provider’s list of events is away too', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking } = await payInBrowser()
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/events', fault: '429', times: 100 })
  await fixture.reconcile(new Date(Date.now() + 31_000))
  expect(booking.status).toBe('confirmed')
})

test('an event of something unknown is parked, and taken up when it becomes known', async () => {
  const stray = eventBody('evt_stray', {
    id: 'pi_stray',
    object: 'payment_intent',
    metadata: { payment_id: newId('pay') },
  })
  expect((await deliver(stray, signed(stray))).status).toBe(200)
  await fixture.context.deps.webhooks.idle()
  expect(await events(`event_id = 'evt_stray'`)).toMatchObject([{ state: 'parked' }])

  // The webhook comes while the creation of its intent is not recorded yet.
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const { booking, payment_id } = await payInBrowser()
  await fixture.context.owner.query(
    `update payment.payments set provider_ref = null, client_secret = null where id = $1`,
    [payment_id],
  )
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await fixture.drained()
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment_id)).toMatchObject({
    provider_ref: expect.stringMatching(/^pi_/),
    settlement: 'confirmed',
  })
})

test('a genuine event of an intent that claims another payment confirms nothing', async () => {
  const victim = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(victim)).body
  const before = await fixture.row(payment_id)
  const answer = await fetch(`${fixture.sandbox.origin}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: `amount=100&currency=usd&confirm=true&payment_method=pm_card_visa&metadata[payment_id]=${payment_id}&metadata[booking_id]=${victim.id}`,
  })
  expect(answer.status).toBe(200)
  await fixture.drained()
  expect(victim.status).toBe('held')
  expect(await fixture.row(payment_id)).toEqual(before)
  // Its money goes back (`stray.pg.test.ts`): the books are the provider's.
  await fixture.sound()
})

test('a disputed payment is booked as taken, and as given back when it is won', async () => {
  const { payment_id } = await fixture.pay(undefined, 'pm_card_createDispute')
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'disputed', settlement: 'confirmed' })
  const [dispute] = await fixture.context.owner.query<{ provider_ref: string }>(
    'select * from payment.disputes where payment_id = $1',
    [payment_id],
  )
  await fixture.sandbox.control('POST', `/disputes/${dispute?.provider_ref}/close`, { status: 'won' })
  await fixture.drained()
  expect((await fixture.row(payment_id)).status).toBe('succeeded')
  const lines = await fixture.context.owner.query<{ account: string; amount: string }>(
    `select account, sum(amount) as amount from payment.ledger_entries join payment.ledger_journals on id = journal_id
     where payment_id = $1 and account = 'disputes' group by account`,
    [payment_id],
  )
  expect(lines.map((line) => Number(line.amount))).toEqual([0])
})

test('the trial balance sums to zero, for admins only', async () => {
  const answer = await fixture.call(ADMIN, 'GET', '/api/v1/admin/ledger/trial-balance')
  expect(answer.status).toBe(200)
  const { currencies } = answer.body as unknown as {
    currencies: { currency: string; sum: { amount: number }; accounts: { balance: { amount: number } }[] }[]
  }
  expect(currencies.map(({ currency, sum }) => [currency, sum.amount])).toEqual([['USD', 0]])
  expect(currencies[0]?.accounts.reduce((total, account) => total + account.balance.amount, 0)).toBe(0)
  const booking = fixture.bookings.add()
  expect(
    (
      await fixture.call(
        { ...ADMIN, roles: ['attendee'], user_id: booking.user_id },
        'GET',
        '/api/v1/admin/ledger/trial-balance',
      )
    ).status,
  ).toBe(403)
})

test('events are forgotten after 30 days once they are done with; what waits stays', async () => {
  const ids = ['evt_old_done', 'evt_old_given_up', 'evt_old_waiting', 'evt_young']
  await fixture.context.owner.query(
    `insert into payment.webhook_events (provider, event_id, type, about, source, state, done_at, next_at, received_at)
     select 'stripe', old.id, 'payment_intent.succeeded', 'intent', 'poll', old.state,
       case old.state when 'done' then now() end, old.next_at, now() - old.age
     from (values ($1, 'done', now(), interval '31 days'), ($2, 'parked', 'infinity', interval '31 days'),
       ($3, 'parked', now() + interval '1 hour', interval '31 days'), ($4, 'done', now(), interval '29 days'))
       as old (id, state, next_at, age)`,
    ids,
  )
  await forgetEvents(fixture.context.db, null)
  const left = await events('event_id = any ($1)', [ids])
  expect(left.map((event) => event.event_id).toSorted()).toEqual(['evt_old_waiting', 'evt_young'])
  await fixture.context.owner.query(`delete from payment.webhook_events where event_id = 'evt_old_waiting'`)
})
