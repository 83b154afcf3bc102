import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { buy, hold, putOnSale, register, STALLS } from '../theatre.ts'

/** What the buyer's pages ask for: the live holds of a visitor, a hold given back and nothing else, how sales stand. */
const product = await productOfFile()
const { client } = product

type Page = { items: { id: string; status: string }[] }
type Sales = { items: { event_id: string; state: string; from_price: { amount: number; currency: string } | null }[] }

test('bookings by status: what is on hold now, and no hold that has ended', async () => {
  const onsale = await putOnSale(client)
  const { token: as } = await register(client)
  const paid = await buy(client, as, onsale.performance_id, { seat_ids: ['A-1'] })
  const held = await hold(client, as, onsale.performance_id, { seat_ids: ['A-2'] })
  const given_back = await hold(client, as, onsale.performance_id, { seat_ids: ['A-3'] })
  await client.expect(200, 'DELETE', `/bookings/${given_back.booking_id}`, { as })
  const idsOf = async (status: string) => {
    const { body } = await client.expect<Page>(200, 'GET', `/users/me/bookings?status=${status}`, { as })
    return body.items.map(({ id }) => id)
  }
  expect(await idsOf('held')).toEqual([held.booking_id])
  expect(await idsOf('confirmed')).toEqual([paid.id])
  expect(await idsOf('released')).toEqual([given_back.booking_id])
  await client.expect(400, 'GET', '/users/me/bookings?status=lost', { as })
})

test('giving back a hold never cancels an order that was paid meanwhile', async () => {
  const onsale = await putOnSale(client)
  const { token: as } = await register(client)
  const order = await buy(client, as, onsale.performance_id, { seat_ids: ['A-1'] })
  const refused = await client.expect(409, 'DELETE', `/bookings/${order.id}?expect=held`, { as })
  expect(refused.body['type']).toContain('conflict')
  const { body } = await client.expect<{ status: string }>(200, 'GET', `/bookings/${order.id}`, { as })
  expect(body.status).toBe('confirmed')
  const held = await hold(client, as, onsale.performance_id, { seat_ids: ['A-2'] })
  for (let twice = 0; twice < 2; twice++) {
    const answer = await client.expect(200, 'DELETE', `/bookings/${held.booking_id}?expect=held`, { as })
    expect(answer.body['status']).toBe('released')
  }
})

test('how sales stand, by what can be bought now: the cheapest that is left, on hold, sold out', async () => {
  const onsale = await putOnSale(client, { rows: 2, seats_a_row: 2, standing: 2 })
  const other = await putOnSale(client)
  const { token: as } = await register(client)
  const read = async () => {
    const ids = `${onsale.event_id},${other.event_id},evt_unknown,${onsale.event_id}`
    const { body } = await client.expect<Sales>(200, 'GET', `/availability?event_ids=${ids}`)
    expect(body.items.map(({ event_id }) => event_id)).toEqual([onsale.event_id, other.event_id])
    return body.items[0]
  }
  // Row B is Circle, for nothing; then standing at 15.50; then Stalls.
  await expect.poll(read).toMatchObject({ from_price: { amount: 0 } })
  const circle = await hold(client, as, onsale.performance_id, { seat_ids: ['B-1', 'B-2'] })
  await client.expect(200, 'POST', '/bookings/confirm', { as, key: true, body: { booking_id: circle.booking_id } })
  await expect.poll(read).toMatchObject({ from_price: { amount: 1_550 } })
  await buy(client, as, onsale.performance_id, { items: [{ tier_id: onsale.standing, quantity: 2 }] })
  await expect.poll(read).toMatchObject({ from_price: STALLS })
  const last = await hold(client, as, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  await expect.poll(read).toMatchObject({ state: 'all_held', from_price: null })
  await client.expect(200, 'DELETE', `/bookings/${last.booking_id}`, { as })
  await buy(client, as, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
  await expect.poll(read).toMatchObject({ state: 'sold_out', from_price: null })
  await client.expect(400, 'GET', '/availability')
})
