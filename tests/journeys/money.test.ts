import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { admin, type Booking, buy, guest, hold, type Paid, pay, putOnSale, register } from '../theatre.ts'

/** How money comes and goes: the bank that asks, the guest without an account, cancelling, refunds, an event that falls. */
const product = await productOfFile()
const { client, sandbox } = product

const HOUR_MS = 3_600_000
const POLICY = [
  { hours_before: 48, percent: 100 },
  { hours_before: 24, percent: 50 },
  { hours_before: 0, percent: 0 },
]
const ABSENT_BOOKING = 'bk_01h455vb4pex5vsknk084sn02q'

type Cancelled = { id: string; status: string; refund: { amount: number; currency: string } }
type Intent = { payment_id: string; client_secret: string; checkout_url?: string }

/** An event that begins in so many hours. */
const houseIn = (hours: number) =>
  putOnSale(client, {
    start_time: new Date(Date.now() + hours * HOUR_MS).toISOString(),
    refund_policy: POLICY,
  })

async function openIntent(as: string, booking_id: string, more: object = {}): Promise<Intent> {
  const body = { booking_id, ...more }
  return (await client.expect<Intent>(201, 'POST', '/payments/intent', { as, key: true, body })).body
}

async function providerRef(payment_id: string): Promise<string> {
  const [row] = await product.product.owner.query<{ provider_ref: string }>(
    'select provider_ref from payment.payments where id = $1',
    [payment_id],
  )
  return row?.provider_ref ?? ''
}

test('3-D Secure: the bank asks, the buyer answers, the webhook confirms the booking', async () => {
  const onsale = await houseIn(100)
  const buyer = await register(client)
  const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const { payment_id } = await openIntent(buyer.token, booking_id, { return_url: `${product.origin}/checkout/done` })
  const asked = await client.expect<Paid>(200, 'POST', '/payments/confirm', {
    as: buyer.token,
    key: true,
    body: { payment_id, payment_method: 'pm_card_authenticationRequired' },
  })
  expect(asked.body).toMatchObject({
    status: 'requires_action',
    booking: { id: booking_id, status: 'held' },
    next_action: { redirect_to_url: { url: expect.stringContaining(sandbox.origin) } },
  })
  await sandbox.control.challenge(await providerRef(payment_id), 'complete')
  await product.settle()
  const booking = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: buyer.token })
  expect(booking.body).toMatchObject({
    status: 'confirmed',
    payments: [{ status: 'succeeded' }],
    tickets: { length: 1 },
  })
})

test('3-D Secure refused: nothing is charged, the hold stays, another card pays', async () => {
  const onsale = await houseIn(100)
  const buyer = await register(client)
  const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const { payment_id } = await openIntent(buyer.token, booking_id)
  const body = { payment_id, payment_method: 'pm_card_authenticationRequired' }
  await client.expect(200, 'POST', '/payments/confirm', { as: buyer.token, key: true, body })
  await sandbox.control.challenge(await providerRef(payment_id), 'fail')
  await product.settle()
  const kept = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: buyer.token })
  expect(kept.body).toMatchObject({ status: 'held', payments: [{ status: 'failed' }] })
  const again = { payment_id, payment_method: 'pm_card_visa' }
  const paid = await client.expect<Paid>(200, 'POST', '/payments/confirm', { as: buyer.token, key: true, body: again })
  expect(paid.body).toMatchObject({ status: 'succeeded', booking: { status: 'confirmed' } })
})

test('a guest buys with an e-mail address, and whoever has the order link has the tickets', async () => {
  const onsale = await houseIn(100)
  const buyer = await guest(client)
  const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  await client.expect(422, 'POST', '/payments/intent', { as: buyer.token, key: true, body: { booking_id } })
  await pay(client, buyer.token, booking_id, {
    email: 'guest@example.test',
    holder: { first_name: 'Greta', last_name: 'Guest' },
  })
  const booking = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: buyer.token })
  const { access_token: access = '', tickets } = booking.body
  expect(booking.body.order_url).toContain(access)
  expect(access.length).toBeGreaterThan(20)

  const linked = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}?access=${access}`)
  expect(linked.body).toMatchObject({ id: booking_id, status: 'confirmed', tickets: { length: 2 } })
  for (const { id } of tickets) {
    const ticket = await client.expect(200, 'GET', `/tickets/${id}?access=${access}`)
    expect(ticket.body).toMatchObject({ holder: { first_name: 'Greta', last_name: 'Guest' }, code: expect.any(String) })
    for (const file of ['qr.svg', 'qr.png', 'pdf'])
      await client.expect(200, 'GET', `/tickets/${id}/${file}?access=${access}`)
  }
  await client.expect(200, 'GET', `/bookings/${booking_id}/calendar.ics?access=${access}`)

  const other = await buy(client, (await register(client)).token, onsale.performance_id, { seat_ids: ['A-3'] })
  const wrong = `${access.startsWith('a') ? 'b' : 'a'}${access.slice(1)}`
  for (const path of [`/bookings/${other.id}?access=${access}`, `/bookings/${booking_id}?access=${wrong}`])
    await client.expect(404, 'GET', path)
})

test('cancelling gives back what the policy says, and no more', async () => {
  for (const [hours, percent] of [
    [72, 100],
    [36, 50],
    [12, 0],
  ] as const) {
    const onsale = await houseIn(hours)
    const buyer = await register(client)
    const booking = await buy(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
    const refund = { amount: (4_800 * percent) / 100, currency: 'EUR' }
    const as = buyer.token
    const preview = await client.expect<Cancelled>(200, 'DELETE', `/bookings/${booking.id}?preview=true`, { as })
    expect(preview.body).toEqual({ id: booking.id, status: 'confirmed', refund })
    const cancelled = await client.expect<Cancelled>(200, 'DELETE', `/bookings/${booking.id}`, { as })
    expect(cancelled.body).toMatchObject({ id: booking.id, status: 'cancelled' })
    expect(cancelled.body).toEqual({ id: booking.id, status: 'cancelled', refund })
    const after = await client.expect<Booking>(200, 'GET', `/bookings/${booking.id}`, { as })
    expect(after.body).toMatchObject({ status: 'cancelled', payments: [{ refunded: { amount: refund.amount } }] })
    expect(after.body.tickets.map((ticket) => ticket.status)).toEqual(['void', 'void'])
    // A repeated request answers the same and refunds nothing more.
    await client.expect(200, 'DELETE', `/bookings/${booking.id}`, { as })
    await hold(client, as, onsale.performance_id, { seat_ids: ['A-1'] })
    await expectLedgerOfProvider()
  }
})

test('a hold given back is free at once', async () => {
  const onsale = await houseIn(100)
  const [buyer, other] = await Promise.all([register(client), register(client)])
  const held = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const released = await client.expect(200, 'DELETE', `/bookings/${held.booking_id}`, { as: buyer.token })
  expect(released.body).toEqual({ id: held.booking_id, status: 'released', refund: { amount: 0, currency: 'EUR' } })
  await hold(client, other.token, onsale.performance_id, { seat_ids: ['A-1'] })
  await client.expect(404, 'DELETE', `/bookings/${ABSENT_BOOKING}`, { as: buyer.token })
})

test('refunds in parts, by two at once, never exceed what was paid', async () => {
  const onsale = await houseIn(100)
  const buyer = await register(client)
  const as = onsale.organizer.token
  const booking = await buy(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  const payment_id = booking.payments[0]?.id
  const give = (amount: number) =>
    client.send('POST', `/payments/${payment_id}/refund`, {
      as,
      key: true,
      body: { amount: { amount, currency: 'EUR' }, reason: 'Rain' },
    })
  const both = await Promise.all([give(2_900), give(2_900)])
  expect(both.map((answer) => answer.status).sort()).toEqual([200, 422])
  await client.expect(403, 'POST', `/payments/${payment_id}/refund`, {
    as: buyer.token,
    key: true,
    body: { reason: 'I would like it back' },
  })
  const rest = await client.expect(200, 'POST', `/payments/${payment_id}/refund`, {
    as,
    key: true,
    body: { reason: 'Rain' },
  })
  expect(rest.body).toMatchObject({
    amount: { amount: 1_900 },
    payment: { refunded: { amount: 4_800 }, status: 'refunded' },
  })
  expect((await give(1)).status).toBe(422)
  await expectLedgerOfProvider()
})

test('an event that falls: nothing can be held, everyone gets everything back, the books agree with the provider', async () => {
  const onsale = await houseIn(12)
  const buyers = await Promise.all(Array.from({ length: 6 }, () => register(client)))
  const bookings = await Promise.all(
    buyers.map((buyer, n) => buy(client, buyer.token, onsale.performance_id, { seat_ids: [`A-${n + 1}`] })),
  )
  const holder = await register(client)
  await hold(client, holder.token, onsale.performance_id, { seat_ids: ['B-1'] })
  await client.expect(200, 'DELETE', `/events/${onsale.event_id}`, { as: onsale.organizer.token })
  await client.expect(422, 'POST', '/bookings/hold', {
    as: holder.token,
    key: true,
    body: { performance_id: onsale.performance_id, seat_ids: ['B-2'] },
  })
  const cancellations = product.product.jobs.names().find((name) => name === 'booking.cancel-events')
  expect(cancellations).toBeDefined()
  await product.product.jobs.runNow('booking.cancel-events', null)
  await product.product.jobs.runNow('payment.send-refunds', null)
  await product.settle()
  for (const [n, booking] of bookings.entries()) {
    const after = await client.expect<Booking>(200, 'GET', `/bookings/${booking.id}`, { as: buyers[n]?.token ?? '' })
    expect(after.body).toMatchObject({
      status: 'cancelled',
      payments: [{ status: 'refunded', refunded: { amount: 2_400 } }],
      tickets: [{ status: 'void' }],
    })
  }
  const event = await client.expect(200, 'GET', `/events/${onsale.event_id}`)
  expect(event.body).toMatchObject({ status: 'cancelled' })
  await expectLedgerOfProvider()
})

/** The sandbox keeps books of its own: they and ours must be equal to the cent. */
async function expectLedgerOfProvider(): Promise<void> {
  await product.settle()
  await product.product.jobs.runNow('payment.reconcile', null)
  const { token } = await admin(client, product.product.people)
  const { body } = await client.expect<{
    currencies: {
      currency: string
      sum: { amount: number }
      accounts: { account: string; balance: { amount: number } }[]
    }[]
  }>(200, 'GET', '/admin/ledger/trial-balance', { as: token })
  const ours = body.currencies.map(({ currency, sum, accounts }) => ({
    currency: currency.toLowerCase(),
    sum: sum.amount,
    cash: accounts.find((one) => one.account === 'provider_cash')?.balance.amount,
    fees: accounts.find((one) => one.account === 'provider_fees')?.balance.amount,
  }))
  const theirs = sandbox.control
    .ledger()
    .map((line) => ({ currency: line.currency, sum: 0, cash: line.balance, fees: line.fees + line.dispute_fees }))
  expect(theirs.length).toBeGreaterThan(0)
  expect(ours).toEqual(theirs)
}
