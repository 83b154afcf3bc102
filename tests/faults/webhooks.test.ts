import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { productOfFile, WEBHOOK_SECRET } from '../product.ts'
import { type Booking, type Held, hold, type Onsale, type Person, putOnSale, register } from '../theatre.ts'

/**
 * Webhooks as the internet brings them. The card is entered on the provider's own page, as in a browser: nobody calls our
 * confirm, so that a webhook, or the reconciler where none comes, is all that tells us of the money.
 */
const product = await productOfFile()
const { client, sandbox } = product
const { control } = sandbox

const CALM = { duplicate: 1, delay_ms: 0, shuffle_ms: 0, withhold: false, tamper: 0, fail_first: 0 }
afterEach(() => {
  control.webhooks(CALM)
  control.clearFaults()
})

type Bought = { buyer: Person; held: Held; payment_id: string; provider_ref: string }

async function payOnTheCardPage(onsale: Onsale, seat: string, method = 'pm_card_visa'): Promise<Bought> {
  const buyer = await register(client)
  const held = await hold(client, buyer.token, onsale.performance_id, { seat_ids: [seat] })
  const { body } = await client.expect<{ payment_id: string; client_secret: string }>(201, 'POST', '/payments/intent', {
    as: buyer.token,
    key: true,
    body: { booking_id: held.booking_id },
  })
  const provider_ref = body.client_secret.split('_secret_')[0] ?? ''
  await atProvider(`/v1/payment_intents/${provider_ref}/confirm`, { payment_method: method })
  return { buyer, held, payment_id: body.payment_id, provider_ref }
}

async function atProvider(path: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await fetch(`${sandbox.origin}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_product', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  })
  return (await answer.json()) as Record<string, unknown>
}

const bookingOf = async ({ buyer, held }: Bought): Promise<Booking> =>
  (await client.expect<Booking>(200, 'GET', `/bookings/${held.booking_id}`, { as: buyer.token })).body

/** Confirmed once: one capture, as many tickets as places, one announcement. */
async function expectBoughtOnce(bought: Bought): Promise<void> {
  const booking = await bookingOf(bought)
  expect(booking).toMatchObject({ status: 'confirmed', payments: [{ id: bought.payment_id, status: 'succeeded' }] })
  expect(booking.tickets).toHaveLength(1)
  const [row] = await product.product.owner.query<{ captures: number; confirmations: number; announcements: number }>(
    `select (select count(*)::int from payment.ledger_journals where payment_id = $1 and kind = 'capture') as captures,
       (select count(*)::int from booking.booking_log where booking_id = $2 and to_status = 'confirmed') as confirmations,
       (select count(*)::int from booking.outbox where topic = 'booking.confirmed' and payload ->> 'booking_id' = $2) as announcements`,
    [bought.payment_id, booking.id],
  )
  expect(row).toEqual({ captures: 1, confirmations: 1, announcements: 1 })
}

const seats = (count: number): string[] => Array.from({ length: count }, (_, n) => `A-${n + 1}`)

test('five copies of each, shuffled, late, answers lost and forgeries between them: each purchase happens once', async () => {
  control.webhooks({ duplicate: 5, delay_ms: 50, shuffle_ms: 300, fail_first: 1, tamper: 0.5, seed: 41 })
  const onsale = await putOnSale(client, { seats_a_row: 12 })
  const bought = await Promise.all(seats(12).map((seat) => payOnTheCardPage(onsale, seat)))
  await product.settle()
  for (const one of bought) await expectBoughtOnce(one)
  const attempts = control.attempts()
  const forged = attempts.filter((attempt) => attempt.forgery !== null)
  expect(forged.length).toBeGreaterThan(5)
  expect(forged.filter((attempt) => attempt.status !== 400)).toEqual([])
  expect(attempts.filter((attempt) => attempt.forgery === null && attempt.status === 200).length).toBeGreaterThan(48)
})

test('what no webhook tells, the reconciler finds', async () => {
  control.webhooks({ withhold: true })
  const onsale = await putOnSale(client)
  const bought = await Promise.all(seats(4).map((seat) => payOnTheCardPage(onsale, seat)))
  expect(control.withheld().length).toBeGreaterThan(4)
  await product.product.jobs.runNow('payment.reconcile', null)
  for (const one of bought) await expectBoughtOnce(one)
  // And when they come after all, they tell nothing new.
  control.release({ newest_first: true })
  await product.settle()
  for (const one of bought) await expectBoughtOnce(one)
})

test('money that comes after the hold has ended gets the seat if it is free, and goes back if it is not', async () => {
  control.webhooks({ withhold: true })
  const onsale = await putOnSale(client)
  const [free, taken] = await Promise.all([payOnTheCardPage(onsale, 'A-1'), payOnTheCardPage(onsale, 'A-2')])
  await expire([free.held.booking_id, taken.held.booking_id])
  const second = await register(client)
  await hold(client, second.token, onsale.performance_id, { seat_ids: ['A-2'] })
  control.release()
  await product.settle()
  await expectBoughtOnce(free)
  expect(await bookingOf(taken)).toMatchObject({
    status: 'expired',
    payments: [{ status: 'refunded', amount: { amount: 2_400 }, refunded: { amount: 2_400 } }],
    tickets: [],
  })
})

test('a booking that is paid is not paid again: a second intent is the first one', async () => {
  control.webhooks({ withhold: true })
  const onsale = await putOnSale(client)
  const first = await payOnTheCardPage(onsale, 'A-1')
  const second = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as: first.buyer.token,
    key: true,
    body: { booking_id: first.held.booking_id },
  })
  expect(second.body.payment_id).toBe(first.payment_id)
  control.release()
  await product.settle()
  const booking = await bookingOf(first)
  expect(booking.status).toBe('confirmed')
  expect(booking.tickets).toHaveLength(1)
  expect(booking.payments.map((payment) => payment.status)).toEqual(['succeeded'])
})

test('a genuine event of a wrong sum, or of an intent that only claims to be ours, confirms nothing', async () => {
  const onsale = await putOnSale(client)
  const buyer = await register(client)
  const held = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const { body } = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as: buyer.token,
    key: true,
    body: { booking_id: held.booking_id },
  })
  const claimed = await atProvider('/v1/payment_intents', {
    amount: '100',
    currency: 'eur',
    confirm: 'true',
    payment_method: 'pm_card_visa',
    'metadata[payment_id]': body.payment_id,
    'metadata[booking_id]': held.booking_id,
  })
  expect(claimed).toMatchObject({ status: 'succeeded', amount: 100 })
  await product.settle()
  await product.product.jobs.runNow('payment.reconcile', null)
  const booking = await bookingOf({ buyer, held, payment_id: body.payment_id, provider_ref: '' })
  // The stray euro bought nothing and went back.
  const stray = { status: 'refunded', amount: { amount: 100 }, refunded: { amount: 100 }, outcome: 'given_back' }
  expect(booking).toMatchObject({ status: 'held', payments: [{ status: 'created' }, stray], tickets: [] })
})

test('forged, stale, unsigned and reshaped: 400, and nothing is remembered of them', async () => {
  const onsale = await putOnSale(client)
  const { buyer, held, payment_id, provider_ref } = await openIntent(onsale)
  const payload = JSON.stringify({
    id: 'evt_forged',
    object: 'event',
    type: 'payment_intent.succeeded',
    created: now_s(),
    data: { object: { id: provider_ref, object: 'payment_intent', status: 'succeeded', amount_received: 2_400 } },
  })
  const signed = (body: string, at_s = now_s(), secret = WEBHOOK_SECRET): string =>
    `t=${at_s},v1=${createHmac('sha256', secret).update(`${at_s}.${body}`).digest('hex')}`
  const deliver = (body: string, signature?: string) =>
    client.send('POST', '/webhooks/stripe', {
      body,
      headers: signature === undefined ? {} : { 'stripe-signature': signature },
    })
  const refused: [string, string | undefined][] = [
    [payload, undefined],
    [payload, ''],
    [payload, 't=1,v1=00'],
    [payload, signed(payload, now_s(), 'whsec_guessed')],
    [payload, signed(payload, now_s() - 301)],
    [payload, signed(payload, now_s()).replace('v1=', 'v0=')],
    [`${payload} `, signed(payload)],
    [JSON.stringify(JSON.parse(payload), null, 1), signed(payload)],
    ['{"id":"evt_forged"', signed('{"id":"evt_forged"')],
  ]
  for (const [body, signature] of refused) expect((await deliver(body, signature)).status, signature).toBe(400)
  // The genuine signature over a false story: it is taken down, the provider is asked, and the story falls.
  expect((await deliver(payload, signed(payload))).status).toBe(200)
  await product.settle()
  expect(await bookingOf({ buyer, held, payment_id, provider_ref })).toMatchObject({ status: 'held', tickets: [] })
})

test('refunds made at the provider are ours too, whichever way their events come', async () => {
  control.webhooks({ withhold: true })
  const onsale = await putOnSale(client)
  const bought = await payOnTheCardPage(onsale, 'A-1')
  await atProvider('/v1/refunds', { payment_intent: bought.provider_ref, amount: '1000' })
  control.release({ newest_first: true })
  await product.settle()
  expect(await bookingOf(bought)).toMatchObject({
    status: 'confirmed',
    payments: [{ status: 'partially_refunded', refunded: { amount: 1_000 } }],
  })
})

const now_s = (): number => Math.floor(Date.now() / 1_000)

async function openIntent(onsale: Onsale): Promise<Bought> {
  const buyer = await register(client)
  const held = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const { body } = await client.expect<{ payment_id: string; client_secret: string }>(201, 'POST', '/payments/intent', {
    as: buyer.token,
    key: true,
    body: { booking_id: held.booking_id },
  })
  return { buyer, held, payment_id: body.payment_id, provider_ref: body.client_secret.split('_secret_')[0] ?? '' }
}

/** Their time is over, as if the buyers had been slow. */
async function expire(booking_ids: readonly string[]): Promise<void> {
  await product.product.owner.query(
    `update booking.bookings set held_at = held_at - interval '1 hour', expires_at = expires_at - interval '1 hour' where booking_id = any ($1)`,
    [booking_ids],
  )
  await product.product.owner.query(
    `update booking.seat_claims set expires_at = expires_at - interval '1 hour' where holder_id = any ($1)`,
    [booking_ids],
  )
  await product.product.jobs.runNow('booking.announce-expired', null)
  await product.product.relay.settle()
}
