import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import {
  type Booking,
  guest,
  type Held,
  hold,
  PASSWORD,
  type Paid,
  type Person,
  pay,
  putOnSale,
  register,
} from '../theatre.ts'

/** Signing in or up with a guest's session brings along what the guest holds, has paid and is paying. */
const product = await productOfFile()
const { client } = product
const onsale = await putOnSale(client, { rows: 10, seats_a_row: 20, standing: 500 })

type Session = {
  user: { id: string }
  access_token: string
  adopted?: { booking_ids: string[]; left_booking_ids: string[] }
}

async function signUp(as: string): Promise<Session> {
  const body = {
    email: `${crypto.randomUUID()}@example.test`,
    password: PASSWORD,
    first_name: 'Ada',
    last_name: 'Byron',
  }
  return (await client.expect<Session>(201, 'POST', '/auth/register', { as, body })).body
}

async function signIn(person: Person, as: string | null, headers: Record<string, string> = {}): Promise<Session> {
  const body = { email: person.email, password: PASSWORD }
  return (await client.expect<Session>(200, 'POST', '/auth/login', { as, body, headers })).body
}

const statusOf = async (as: string, path: string): Promise<number> => (await client.send('GET', path, { as })).status

const ownTickets = async (as: string, booking_id: string): Promise<unknown[]> => {
  const { body } = await client.expect<{ items: { booking_id: string }[] }>(200, 'GET', '/users/me/tickets?limit=100', {
    as,
  })
  return body.items.filter((ticket) => ticket.booking_id === booking_id)
}

test('signing up with a guest session brings the live hold along, and it can be paid at once', async () => {
  const visitor = await guest(client)
  const held = await hold(client, visitor.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  const account = await signUp(visitor.token)
  expect(account.adopted).toEqual({ booking_ids: [held.booking_id], left_booking_ids: [] })
  expect(await statusOf(account.access_token, `/bookings/${held.booking_id}`)).toBe(200)
  expect(await statusOf(visitor.token, `/bookings/${held.booking_id}`)).toBe(404)
  expect((await pay(client, account.access_token, held.booking_id)).booking.status).toBe('confirmed')
  expect(await ownTickets(account.access_token, held.booking_id)).toHaveLength(2)
})

test('signing in brings the paid order and its tickets along, visible to the next call', async () => {
  const person = await register(client)
  const visitor = await guest(client)
  const { booking_id } = await hold(client, visitor.token, onsale.performance_id, { seat_ids: ['A-3'] })
  await pay(client, visitor.token, booking_id, { email: 'ada@example.test' })
  const { body: order } = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: visitor.token })
  const account = await signIn(person, visitor.token)
  expect(account.adopted?.booking_ids).toEqual([order.id])
  const [ticket] = order.tickets
  expect(await ownTickets(account.access_token, order.id)).toHaveLength(1)
  const seen = await client.expect<{ code?: string }>(200, 'GET', `/tickets/${ticket?.id}`, {
    as: account.access_token,
  })
  expect(seen.body.code).toBeDefined()
  expect(await ownTickets(visitor.token, order.id)).toEqual([])
  const { body } = await client.expect<{ items: { id: string }[] }>(200, 'GET', '/users/me/bookings', {
    as: account.access_token,
  })
  expect(body.items.map(({ id }) => id)).toEqual([order.id])
})

test('without the guest session, and with the session of an account, nothing moves', async () => {
  const person = await register(client)
  const visitor = await guest(client)
  const held = await hold(client, visitor.token, onsale.performance_id, { seat_ids: ['A-5'] })
  const alone = await signIn(person, null)
  expect(alone.adopted).toBeUndefined()
  expect(await statusOf(alone.access_token, `/bookings/${held.booking_id}`)).toBe(404)
  const other = await register(client)
  const theirs = await hold(client, other.token, onsale.performance_id, { seat_ids: ['A-6'] })
  const account = await signIn(person, other.token)
  expect(account.adopted).toBeUndefined()
  expect(await statusOf(account.access_token, `/bookings/${theirs.booking_id}`)).toBe(404)
})

test('a cookie moves nothing unless our own script sent it: another site cannot take a guest’s orders', async () => {
  const person = await register(client)
  const opened = await client.expect<{ user: { id: string } }>(201, 'POST', '/auth/guest', {
    body: {},
    headers: { 'x-session': 'cookie' },
  })
  const cookie = opened.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const forged = await signIn(person, null, { cookie })
  expect(forged.adopted).toBeUndefined()
  const own = await signIn(person, null, { cookie, 'x-session': 'cookie' })
  expect(own.adopted).toEqual({ booking_ids: [], left_booking_ids: [] })
})

test('the retry of a won hold is answered to the account under the same key', async () => {
  const visitor = await guest(client)
  const key = crypto.randomUUID()
  const body = { performance_id: onsale.performance_id, seat_ids: ['A-7'] }
  const first = await client.expect<Held>(201, 'POST', '/bookings/hold', { as: visitor.token, key, body })
  const account = await signUp(visitor.token)
  const again = await client.expect<Held>(201, 'POST', '/bookings/hold', { as: account.access_token, key, body })
  expect(again.body.booking_id).toBe(first.body.booking_id)
})

test('a key that both have used is kept for each of them, and both bookings are the account’s', async () => {
  const person = await register(client)
  const visitor = await guest(client)
  const key = crypto.randomUUID()
  const bodyOf = (seat: string) => ({ performance_id: onsale.performance_id, seat_ids: [seat] })
  const own = await client.expect<Held>(201, 'POST', '/bookings/hold', { as: person.token, key, body: bodyOf('A-8') })
  const theirs = await client.expect<Held>(201, 'POST', '/bookings/hold', {
    as: visitor.token,
    key,
    body: bodyOf('A-9'),
  })
  const account = await signIn(person, visitor.token)
  expect(account.adopted?.booking_ids).toEqual([theirs.body.booking_id])
  const again = await client.expect<Held>(201, 'POST', '/bookings/hold', {
    as: account.access_token,
    key,
    body: bodyOf('A-8'),
  })
  expect(again.body.booking_id).toBe(own.body.booking_id)
  expect(await statusOf(account.access_token, `/bookings/${theirs.body.booking_id}`)).toBe(200)
})

test('a payment that a guest began can be finished by the account', async () => {
  const visitor = await guest(client)
  const held = await hold(client, visitor.token, onsale.performance_id, { seat_ids: ['A-10'] })
  const intent = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as: visitor.token,
    key: true,
    body: { booking_id: held.booking_id, email: 'ada@example.test' },
  })
  const account = await signUp(visitor.token)
  const { payment_id } = intent.body
  expect(await statusOf(account.access_token, `/payments/${payment_id}`)).toBe(200)
  const paid = await client.expect<Paid>(200, 'POST', '/payments/confirm', {
    as: account.access_token,
    key: true,
    body: { payment_id, payment_method: 'pm_card_visa' },
  })
  expect(paid.body.booking.status).toBe('confirmed')
  expect(await ownTickets(account.access_token, held.booking_id)).toHaveLength(1)
})

test('a hold that the guest’s request won after signing in is found by the account', async () => {
  const visitor = await guest(client)
  const account = await signUp(visitor.token)
  const late = await hold(client, visitor.token, onsale.performance_id, { seat_ids: ['A-11'] })
  expect(await statusOf(account.access_token, `/bookings/${late.booking_id}`)).toBe(200)
  const stranger = await register(client)
  expect(await statusOf(stranger.token, `/bookings/${late.booking_id}`)).toBe(404)
})

test('paying and signing in at the same moment: the tickets are always the account’s', async () => {
  await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      const person = await register(client)
      const visitor = await guest(client)
      const held = await hold(client, visitor.token, onsale.performance_id, {
        items: [{ tier_id: onsale.standing, quantity: 2 }],
      })
      const intent = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
        as: visitor.token,
        key: true,
        body: { booking_id: held.booking_id, email: `${n}@example.test` },
      })
      const [, account] = await Promise.all([
        client.send('POST', '/payments/confirm', {
          as: visitor.token,
          key: true,
          body: { payment_id: intent.body.payment_id, payment_method: 'pm_card_visa' },
        }),
        signIn(person, visitor.token),
      ])
      await product.settle()
      const { body } = await client.expect<Booking>(200, 'GET', `/bookings/${held.booking_id}`, {
        as: account.access_token,
      })
      expect(body.status).toBe('confirmed')
      expect(await ownTickets(account.access_token, held.booking_id)).toHaveLength(2)
    }),
  )
})
