import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { type Fixture, ORIGIN, openFixture } from './fixture.ts'
import { UNPAID } from './next-transition.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const guest = (user_id: string) => asPrincipal(user_id, ['guest'])

test('refusals come in the order of the README, and bind no key', async () => {
  const booking = fixture.bookings.add({ total: money(0, 'USD') })
  const buyer = asPrincipal(booking.user_id)
  const ask = (body: object, as = buyer, key: string | undefined = 'same') =>
    fixture.call(as, 'POST', '/api/v1/payments/intent', { booking_id: booking.id, ...body }, key)
  expect((await fixture.call(buyer, 'POST', '/api/v1/payments/intent', { booking_id: booking.id })).status).toBe(428)
  expect((await ask({ colour: 'red' })).status).toBe(400)
  expect((await ask({ booking_id: newId('bk') })).status).toBe(404)
  expect((await ask({}, asPrincipal('usr_stranger'))).status).toBe(404)
  fixture.bookings.expire(booking.id, false)
  expect((await ask({ provider: 'shells' })).status).toBe(410)
  booking.status = 'expired'
  expect((await ask({})).status).toBe(410)
  for (const status of ['confirmed', 'released', 'cancelled'] as const) {
    booking.status = status
    expect((await ask({})).status).toBe(409)
  }
  booking.status = 'held'
  booking.expires_at_ms = Date.now() + 60_000
  expect((await ask({})).body).toMatchObject({ status: 422, detail: expect.stringContaining('costs nothing') })
  booking.total = money(4_800, 'USD')
  expect((await ask({ provider: 'shells' })).status).toBe(422)
  for (const return_url of [
    'https://evil.test/',
    '//evil.test',
    '/\t/evil.test',
    '/.//evil.test',
    `${ORIGIN}@evil.test`,
  ])
    expect((await ask({ return_url })).status).toBe(422)
  expect((await ask({}, guest(booking.user_id))).body).toMatchObject({
    status: 422,
    detail: expect.stringContaining('email'),
  })
  for (const holder of [
    { first_name: ' \u200b' },
    { first_name: 'A\nB' },
    { first_name: 'A\u0085' },
    { first_name: 'A', last_name: '\u202eB' },
  ])
    expect((await ask({ holder })).body).toMatchObject({ status: 422, detail: expect.stringContaining('holder') })
  for (const email of ['a\u202e@x.test', 'a\u0085@x.test', '\u200b@x.test'])
    expect((await ask({ email })).status).toBe(400)
  expect((await ask({ return_url: `${ORIGIN}/orders/${booking.id}` })).status).toBe(201)
})

test('the same key answers the same, even after the hold; another body is refused; keys are per person', async () => {
  const booking = fixture.bookings.add()
  const first = await fixture.intent(booking, { key: 'once' })
  fixture.bookings.expire(booking.id, true)
  const again = await fixture.intent(booking, { key: 'once' })
  expect([again.status, again.body]).toEqual([201, first.body])
  expect((await fixture.intent(booking, { key: 'once', body: { email: 'x@test' } })).status).toBe(422)
  const other = fixture.bookings.add()
  expect((await fixture.intent(other, { key: 'once' })).body.payment_id).not.toBe(first.body.payment_id)
})

test('twenty-four requests with one key make one payment and one intent', async () => {
  const booking = fixture.bookings.add()
  const answers = await Promise.all(Array.from({ length: 24 }, () => fixture.intent(booking, { key: 'parallel' })))
  expect(new Set(answers.map((answer) => `${answer.status} ${JSON.stringify(answer.body)}`)).size).toBe(1)
  const [{ count }] = (await fixture.context.owner.query<{ count: number }>(
    'select count(*) from payment.payments where booking_id = $1',
    [booking.id],
  )) as [{ count: number }]
  expect(count).toBe(1)
  const { items } = await fixture.sandbox.control<{ items: { metadata: { booking_id: string } }[] }>(
    'GET',
    '/objects?kind=payment_intents&limit=1000',
  )
  expect(items.filter((intent) => intent.metadata.booking_id === booking.id)).toHaveLength(1)
})

test('a guest is remembered by the address given, with a name or without', async () => {
  const booking = fixture.bookings.add()
  const ask = (body: object) =>
    fixture.call(
      guest(booking.user_id),
      'POST',
      '/api/v1/payments/intent',
      { booking_id: booking.id, ...body },
      newId('msg'),
    )
  const one_name = await ask({ email: 'g@test', holder: { first_name: 'Teller' } })
  expect(await fixture.row(one_name.body.payment_id)).toMatchObject({
    holder_first_name: 'Teller',
    holder_last_name: '',
  })
  const named = await ask({ email: 'g@test', holder: { first_name: 'Grace', last_name: 'Hopper' } })
  expect(await fixture.row(named.body.payment_id)).toMatchObject({
    holder_email: 'g@test',
    holder_first_name: 'Grace',
    holder_last_name: 'Hopper',
  })
  expect(await fixture.row((await ask({ email: 'g@test' })).body.payment_id)).toMatchObject({
    holder_email: 'g@test',
    holder_first_name: null,
  })
  expect((await ask({ email: 'no address' })).status).toBe(400)
})

test('an intent whose creation got no answer is taken up by the same key, and by the reconciler', async () => {
  const booking = fixture.bookings.add()
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/payment_intents', fault: '429', times: 8 })
  const lost = await fixture.intent(booking, { key: 'lost' })
  expect([lost.status, lost.headers['retry-after']]).toEqual([503, '2'])
  const lostToo = fixture.bookings.add()
  expect((await fixture.intent(lostToo, { key: 'lost too' })).status).toBe(503)
  await fixture.sandbox.control('DELETE', '/faults')
  expect((await fixture.intent(booking, { key: 'lost' })).status).toBe(201)
  await fixture.reconcile(new Date(Date.now() + 31_000))
  const found = await fixture.intent(lostToo, { key: 'lost too' })
  expect(found.status).toBe(201)
  expect(await fixture.row(found.body.payment_id)).toMatchObject({
    status: 'created',
    provider_ref: expect.stringMatching(/^pi_/),
  })
})

test('a creation that succeeded but whose answer was cut off is found, not made twice', async () => {
  const booking = fixture.bookings.add()
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/payment_intents', fault: 'drop-response' })
  expect((await fixture.intent(booking)).status).toBe(201)
  const { items } = await fixture.sandbox.control<{ items: { metadata: { booking_id: string } }[] }>(
    'GET',
    '/objects?kind=payment_intents&limit=1000',
  )
  expect(items.filter((intent) => intent.metadata.booking_id === booking.id)).toHaveLength(1)
})

test('a failure of the provider that it remembers under its key does not block the payment', async () => {
  const booking = fixture.bookings.add()
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/payment_intents', fault: '500' })
  expect((await fixture.intent(booking)).status).toBe(201)
})

test('what the provider refuses leaves the key free', async () => {
  const booking = fixture.bookings.add({ total: money(1, 'MGA') })
  expect((await fixture.intent(booking, { key: 'retry' })).status).toBe(422)
  booking.total = money(100, 'MGA')
  expect((await fixture.intent(booking, { key: 'retry' })).status).toBe(201)
})

test.each([
  ['JPY', 5_000],
  ['KWD', 12_500],
  ['ISK', 9_900],
])('%s is charged in its own minor units', async (currency, amount) => {
  const { answer, payment_id } = await fixture.pay(fixture.bookings.add({ total: money(amount, currency) }))
  expect(answer.body).toMatchObject({ status: 'succeeded' })
  expect(await fixture.row(payment_id)).toMatchObject({ captured: amount, currency })
  await fixture.drained()
  expect((await fixture.sandbox.ledger(currency)).captured).toBe(currency === 'ISK' ? amount * 100 : amount)
})

test('two tabs, 24 keys at once: one payment, and charging it in both captures once', async () => {
  const booking = fixture.bookings.add()
  const opened = await Promise.all(Array.from({ length: 24 }, () => fixture.intent(booking)))
  expect(new Set(opened.map(({ status, body }) => `${status} ${body.payment_id}`)).size).toBe(1)
  const payment_id = String(opened[0]?.body.payment_id)
  const paid = await Promise.all([fixture.confirm(booking, payment_id), fixture.confirm(booking, payment_id)])
  expect(paid.map(({ status }) => status)).toContain(200)
  await fixture.drained()
  const [row] = await fixture.context.owner.query<{ captured: string }>(
    'select sum(captured)::text as captured from payment.payments where booking_id = $1',
    [booking.id],
  )
  expect(row?.captured).toBe('4800')
  await fixture.sound()
})

test('a second key is bound to the first payment, for its body; what its buyer said last counts', async () => {
  const booking = fixture.bookings.add()
  const first = await fixture.intent(booking)
  const second = await fixture.intent(booking, { key: 'second tab', body: { email: 'right@example.test' } })
  expect([second.status, second.body.payment_id]).toEqual([201, first.body.payment_id])
  expect(await fixture.row(first.body.payment_id)).toMatchObject({ holder_email: 'right@example.test' })
  fixture.bookings.expire(booking.id, true)
  const again = await fixture.intent(booking, { key: 'second tab', body: { email: 'right@example.test' } })
  expect([again.status, again.body.payment_id]).toEqual([201, first.body.payment_id])
  expect((await fixture.intent(booking, { key: 'second tab' })).status).toBe(422)
})

test('a key that was bound to a first payment opens no payment of another booking', async () => {
  const booking = fixture.bookings.add()
  await fixture.intent(booking)
  const key = 'bound to the first'
  expect((await fixture.intent(booking, { key })).status).toBe(201)
  const other = fixture.bookings.add({ user_id: booking.user_id })
  for (let ask = 0; ask < 2; ask++) {
    const refused = await fixture.intent(other, { key })
    expect([refused.status, String(refused.body['type'])]).toEqual([422, '/problems/idempotency-mismatch'])
  }
})

test('a negative control: without the guard a second key opens a second payment', async () => {
  const booking = fixture.bookings.add()
  const first = await fixture.intent(booking)
  await fixture.context.owner.query('update payment.payments set sole = false where id = $1', [first.body.payment_id])
  expect((await fixture.intent(booking)).body.payment_id).not.toBe(first.body.payment_id)
})

test('an event cancelled during the hold: no intent, no charge, and the answer says so', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  booking.event_cancelled = true
  const charge = await fixture.confirm(booking, payment_id)
  expect([charge.status, charge.body]).toMatchObject([409, { detail: expect.stringContaining('event was cancelled') }])
  expect(await fixture.row(payment_id)).toMatchObject({ captured: 0 })
  const late = fixture.bookings.add({ event_cancelled: true })
  expect((await fixture.intent(late)).body).toMatchObject({
    status: 409,
    detail: expect.stringContaining('event was cancelled'),
  })
})

test('a guest’s payment goes on with the account that adopted its booking, although both used one key', async () => {
  const booking = fixture.bookings.add()
  const opened = await fixture.intent(booking, { key: 'order-1' })
  const account = fixture.bookings.add()
  expect((await fixture.intent(account, { key: 'order-1' })).status).toBe(201)
  booking.user_id = account.user_id
  const joined = await fixture.intent(booking, { key: 'order-2' })
  expect([joined.status, joined.body.payment_id]).toEqual([201, opened.body.payment_id])
  // The account's key still means the payment that the account opened with it.
  const again = await fixture.intent(account, { key: 'order-1' })
  expect(again.body.payment_id).not.toBe(opened.body.payment_id)
  expect((await fixture.confirm(booking, joined.body.payment_id)).body).toMatchObject({ status: 'succeeded' })
})

test('database and code agree on the states in which the money may still come', async () => {
  const rows = await fixture.context.owner.query<{ status: string }>(
    'select distinct to_status as status from payment.payment_transitions where payment.is_unpaid(to_status)',
  )
  expect(rows.map(({ status }) => status).toSorted()).toEqual(UNPAID.toSorted())
})

test('is_unpaid is planned as the list of states that it stands for, so that partial indexes serve it', async () => {
  const planOf = (unpaid: string) =>
    fixture.context.owner.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off')
      const rows = await tx.query<{ 'QUERY PLAN': string }>(
        `explain select id from payment.payments
         where booking_id = 'bk_x' and sole and (${unpaid} or settlement in ('pending', 'confirmed'))`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
  const plan = await planOf('payment.is_unpaid(status)')
  expect(plan).toContain('payments_sole')
  expect(plan).toBe(await planOf(`status in (${UNPAID.map((status) => `'${status}'`).join(', ')})`))
})
