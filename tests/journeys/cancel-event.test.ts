import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { buy, putOnSale, register, STALLS } from '../theatre.ts'

/** Cancelling an event cancels what is still to come; nights already played stay sold, admitted and paid. */
const product = await productOfFile()
const { client } = product

const HOUR_MS = 3_600_000
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()

type Sales = { performances: { performance_id: string; sold: number; revenue: { amount: number } }[] }

test('the guest of a night already played stays admitted and is not refunded when the event is cancelled', async () => {
  const onsale = await putOnSale(client, { rows: 2, start_time: inHours(1) })
  const { event_id, performance_id: played } = onsale
  const as = onsale.organizer.token
  const times = { start_time: inHours(48), end_time: inHours(50) }
  const second = { as, body: { chart_id: onsale.chart_id, ...times } }
  const { body: coming } = await client.expect<{ id: string }>(201, 'POST', `/events/${event_id}/performances`, second)
  const tier = { as, body: { name: 'Stalls', price: STALLS, categories: ['Stalls'] } }
  await client.expect(201, 'POST', `/performances/${coming.id}/tiers`, tier)
  await client.expect(200, 'POST', `/events/${event_id}/publish`, { as })

  const [guest, buyer] = [await register(client), await register(client)]
  const attended = await buy(client, guest.token, played, { seat_ids: ['A-1'] })
  const booked = await buy(client, buyer.token, coming.id, { seat_ids: ['A-1'] })
  const ticket_id = attended.tickets[0]?.id ?? ''
  const { body: ticket } = await client.expect<{ code: string }>(200, 'GET', `/tickets/${ticket_id}`, {
    as: guest.token,
  })
  const scan = { as, body: { code: ticket.code, performance_id: played } }
  await client.expect(200, 'POST', '/checkins', scan)
  const past = [inHours(-3), inHours(-1), played]
  const { owner } = product.product
  await owner.query('update catalog.performances set start_time = $1, end_time = $2 where id = $3', past)
  await owner.query('update booking.performances set start_time = $1, end_time = $2 where performance_id = $3', past)

  const cancelled = await client.expect(200, 'DELETE', `/events/${event_id}`, { as })
  expect(cancelled.body).toMatchObject({ status: 'cancelled', cancellation: { ended_performance_ids: [played] } })
  await product.product.jobs.runNow('booking.cancel-events', null)
  await product.settle()
  await product.product.jobs.runNow('payment.send-refunds', null)
  await product.settle()

  const stays = await client.expect(200, 'GET', `/bookings/${attended.id}`, { as: guest.token })
  expect(stays.body).toMatchObject({
    status: 'confirmed',
    tickets: [{ status: 'used' }],
    payments: [{ refunded: { amount: 0 } }],
  })
  const refunded = await client.expect(200, 'GET', `/bookings/${booked.id}`, { as: buyer.token })
  expect(refunded.body).toMatchObject({ status: 'cancelled', cancellation: { refund: STALLS } })
  const { body: sales } = await client.expect<Sales>(200, 'GET', `/events/${event_id}/sales`, { as })
  const figures = new Map(sales.performances.map((one) => [one.performance_id, [one.sold, one.revenue.amount]]))
  expect(figures.get(played)).toEqual([1, STALLS.amount])
  expect(figures.get(coming.id)).toEqual([0, 0])
  expect(await product.violations()).toEqual([])
})
