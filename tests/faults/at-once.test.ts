import { expect, test } from 'vitest'
import type { Answer } from '../client.ts'
import { productOfFile } from '../product.ts'
import { type Booking, buy, hold, type Onsale, type Paid, type Person, putOnSale, register } from '../theatre.ts'

/** Two hands on one thing, or twenty-four: whatever the order, one story comes out, and all who tell it agree. */
const product = await productOfFile()
const { client } = product

const MANY = 24
const ROUNDS = 8
const many = <T>(work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: MANY }, (_, n) => work(n)))
const statuses = (answers: readonly Answer[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, (answer) => String(answer.status))].map(([status, all]) => [status, all.length] as const),
  )

async function intentOf(as: string, booking_id: string): Promise<string> {
  const body = { booking_id }
  return (await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', { as, key: true, body })).body
    .payment_id
}

const confirm = (as: string, payment_id: string, key: string | true = true) =>
  client.send<Paid & Record<string, unknown>>('POST', '/payments/confirm', {
    as,
    key,
    body: { payment_id, payment_method: 'pm_card_visa' },
  })

const read = async (as: string, booking_id: string): Promise<Booking> =>
  (await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as })).body

const captures = async (booking_id: string): Promise<number> => {
  const [row] = await product.product.owner.query<{ count: number }>(
    `select count(*)::int as count from payment.ledger_journals j join payment.payments p on p.id = j.payment_id
     where p.booking_id = $1 and j.kind = 'capture'`,
    [booking_id],
  )
  return row?.count ?? 0
}

test('one key, 24 holds: one booking, told 24 times', async () => {
  const onsale = await putOnSale(client)
  const buyer = await register(client)
  const key = crypto.randomUUID()
  const body = { performance_id: onsale.performance_id, seat_ids: ['A-1', 'A-2'] }
  const answers = await many(() => client.send('POST', '/bookings/hold', { as: buyer.token, key, body }))
  expect(statuses(answers)).toEqual({ 201: MANY })
  expect(new Set(answers.map((answer) => answer.body['booking_id'])).size).toBe(1)
})

test('one key, 24 payments: one charge, told 24 times; another key finds it paid', async () => {
  const onsale = await putOnSale(client)
  const buyer = await register(client)
  const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  const payment_id = await intentOf(buyer.token, booking_id)
  const key = crypto.randomUUID()
  const answers = await many(() => confirm(buyer.token, payment_id, key))
  // Who asks while the first is on its way may hear that it is on its way; who asks again hears the end.
  expect(answers.filter((answer) => answer.status !== 200)).toEqual([])
  const again = await confirm(buyer.token, payment_id, key)
  expect(again.body).toEqual({ payment_id, status: 'succeeded', booking: { id: booking_id, status: 'confirmed' } })
  expect((await confirm(buyer.token, payment_id)).status).toBe(200)
  expect(await captures(booking_id)).toBe(1)
  expect((await read(buyer.token, booking_id)).tickets).toHaveLength(1)
})

test('paid in two tabs at once: one booking, one payment, one charge', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { buyer, booking_id } = await held()
    const tabs = await Promise.all([intentOf(buyer.token, booking_id), intentOf(buyer.token, booking_id)])
    const answers = await Promise.all(tabs.map((payment_id) => confirm(buyer.token, payment_id)))
    expect(answers.some((answer) => answer.body['status'] === 'succeeded')).toBe(true)
    await product.settle()
    const booking = await read(buyer.token, booking_id)
    expect(booking).toMatchObject({ status: 'confirmed', tickets: { length: 1 } })
    const kept = booking.payments.reduce((sum, payment) => sum + kept_of(payment), 0)
    expect(kept).toBe(2_400)
    expect(await captures(booking_id)).toBe(1)
  }
})

test('24 cancellations of places: one refund, and exactly as many places are free again', async () => {
  const onsale = await putOnSale(client, { standing: 10 })
  const [buyer, next] = await Promise.all([register(client), register(client)])
  const what = { items: [{ tier_id: onsale.standing, quantity: 4 }] }
  const booking = await buy(client, buyer.token, onsale.performance_id, what)
  await buy(client, next.token, onsale.performance_id, what)
  const answers = await many(() => client.send('DELETE', `/bookings/${booking.id}`, { as: buyer.token }))
  expect(statuses(answers)).toEqual({ 200: MANY })
  await product.settle()
  const after = await read(buyer.token, booking.id)
  expect(after).toMatchObject({ status: 'cancelled', payments: [{ refunded: { amount: 6_200 } }] })
  const left = (quantity: number) => ({ items: [{ tier_id: onsale.standing, quantity }] })
  const body = { performance_id: onsale.performance_id, ...left(7) }
  await client.expect(409, 'POST', '/bookings/hold', { as: next.token, key: true, body })
  await hold(client, next.token, onsale.performance_id, left(6))
})

test('admission and cancellation at once: the holder is admitted and the ticket stands, or is refused and refunded', async () => {
  const outcomes = { inside: 0, cancelled: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const { onsale, buyer, booking_id } = await held()
    await confirm(buyer.token, await intentOf(buyer.token, booking_id))
    const [ticket] = (await read(buyer.token, booking_id)).tickets
    const { body } = await client.expect<{ code: string }>(200, 'GET', `/tickets/${ticket?.id}`, { as: buyer.token })
    const scan = { code: body.code, performance_id: onsale.performance_id }
    const [entry, cancelled] = await Promise.all([
      client.send('POST', '/checkins', { as: onsale.organizer.token, key: true, body: scan }),
      client.send('DELETE', `/bookings/${booking_id}`, { as: buyer.token }),
    ])
    expect([
      [200, 409],
      [422, 200],
    ]).toContainEqual([entry.status, cancelled.status])
    const after = await read(buyer.token, booking_id)
    expect(after.status).toBe(entry.status === 200 ? 'confirmed' : 'cancelled')
    outcomes[entry.status === 200 ? 'inside' : 'cancelled']++
  }
  expect(outcomes.inside + outcomes.cancelled).toBe(ROUNDS)
})

test('paying and giving back at once: sold and paid, or free and unpaid', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { onsale, buyer, booking_id } = await held()
    const payment_id = await intentOf(buyer.token, booking_id)
    const [paid] = await Promise.all([
      confirm(buyer.token, payment_id),
      client.send('DELETE', `/bookings/${booking_id}`, { as: buyer.token }),
    ])
    await product.settle()
    const booking = await read(buyer.token, booking_id)
    const kept = booking.payments.reduce((sum, payment) => sum + kept_of(payment), 0)
    expect([
      paid.status,
      booking.status,
      kept,
      booking.tickets.filter((ticket) => ticket.status === 'active').length,
    ]).toEqual(expect.toSatisfy(isOneStory))
    const other = await register(client)
    const again = await client.send('POST', '/bookings/hold', {
      as: other.token,
      key: true,
      body: { performance_id: onsale.performance_id, seat_ids: ['A-1'] },
    })
    expect(again.status).toBe(booking.status === 'confirmed' ? 409 : 201)
  }
})

test('an event falls while everyone is paying: nobody keeps a ticket, everybody gets the money', async () => {
  const onsale = await putOnSale(client, { rows: 6, seats_a_row: 8 })
  const buyers = await many(() => register(client))
  const payments = await Promise.all(
    buyers.map(async (buyer, n) => {
      const seat = `${String.fromCharCode(65 + Math.floor(n / 8))}-${(n % 8) + 1}`
      const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: [seat] })
      return { buyer, booking_id, payment_id: await intentOf(buyer.token, booking_id) }
    }),
  )
  await Promise.all([
    ...payments.map(({ buyer, payment_id }) => confirm(buyer.token, payment_id)),
    client.expect(200, 'DELETE', `/events/${onsale.event_id}`, { as: onsale.organizer.token }),
  ])
  await product.settle()
  await product.product.jobs.runNow('booking.cancel-events', null)
  await product.product.jobs.runNow('payment.reconcile', null)
  await product.settle()
  for (const { buyer, booking_id } of payments) {
    const booking = await read(buyer.token, booking_id)
    expect(booking.status).not.toBe('confirmed')
    expect(booking.payments.map(kept_of)).toEqual([0])
    expect(booking.tickets.filter((ticket) => ticket.status !== 'void')).toEqual([])
  }
})

test('a refresh token used by 24 tabs at once signs nobody out', async () => {
  const buyer = await register(client)
  const body = { refresh_token: buyer.refresh_token }
  const answers = await many(() => client.send<{ access_token: string }>('POST', '/auth/refresh', { body }))
  expect(statuses(answers)).toEqual({ 200: MANY })
  for (const answer of answers) await client.expect(200, 'GET', '/users/me', { as: answer.body.access_token })
})

test('blocking and holding the same seats at once: each seat is the one’s or the other’s', async () => {
  const onsale = await putOnSale(client, { rows: 4, seats_a_row: 12 })
  const buyers = await Promise.all(Array.from({ length: 12 }, () => register(client)))
  const seats = buyers.map((_, n) => `A-${n + 1}`)
  const answers = await Promise.all(
    seats.flatMap((seat, n) => [
      client.send('POST', '/bookings/hold', {
        as: buyers[n]?.token ?? null,
        key: true,
        body: { performance_id: onsale.performance_id, seat_ids: [seat] },
      }),
      client.send('POST', `/performances/${onsale.performance_id}/blocks`, {
        as: onsale.organizer.token,
        body: { seat_ids: [seat], reason: 'Camera' },
      }),
    ]),
  )
  for (const [n] of seats.entries())
    expect([answers[2 * n]?.status, answers[2 * n + 1]?.status].toSorted()).toEqual([201, 409])
})

type HeldSeat = { onsale: Onsale; buyer: Person; booking_id: string }

async function held(): Promise<HeldSeat> {
  const [onsale, buyer] = await Promise.all([putOnSale(client), register(client)])
  const { booking_id } = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
  return { onsale, buyer, booking_id }
}

function kept_of(payment: Booking['payments'][number]): number {
  const taken = ['succeeded', 'partially_refunded', 'refunded'].includes(payment.status)
  return taken ? payment.amount.amount - payment.refunded.amount : 0
}

/** The answer to the payment, the booking, the money kept for it, its good tickets. */
function isOneStory([status, booking, kept, tickets]: [number, string, number, number]): boolean {
  return booking === 'confirmed'
    ? status === 200 && kept === 2_400 && tickets === 1
    : ['released', 'cancelled'].includes(booking) && kept === 0 && tickets === 0
}
