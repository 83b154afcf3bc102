import type { IssuedTicket } from '@tessera/contracts/events/ticketing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUYER, cancelledBooking, confirmedBooking, type Fixture, openFixture } from './fixture.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

async function issuedOf(booking_id: string): Promise<IssuedTicket[]> {
  const events = (await fixture.context.published('ticketing.tickets_issued')).filter(
    (event) => event.key === booking_id,
  )
  return events.flatMap((event) => (event.payload as { tickets: IssuedTicket[] }).tickets)
}

test('one ticket per seat, then one per general-admission ticket; the event has each with its code id, seat and holder', async () => {
  const performance = await fixture.publish()
  const confirmed = await fixture.confirm({ performance, count: 2, standing: 3 })
  const tickets = await fixture.ticketsOf(confirmed)
  expect(tickets.map(({ position, of, seat, tier }) => [position, of, seat?.id ?? null, tier.name])).toEqual([
    [1, 5, confirmed.line_items[0]?.seat_id, 'Stalls'],
    [2, 5, confirmed.line_items[1]?.seat_id, 'Stalls'],
    [3, 5, null, 'Floor'],
    [4, 5, null, 'Floor'],
    [5, 5, null, 'Floor'],
  ])
  const news = await issuedOf(confirmed.booking_id)
  expect(news.map((ticket) => ticket.ticket_id)).toEqual(tickets.map((ticket) => ticket.id))
  expect(news[0]).toEqual({
    ticket_id: tickets[0]?.id,
    code_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    booking_id: confirmed.booking_id,
    performance_id: performance.performance_id,
    event_id: performance.event_id,
    organization_id: 'org_ours',
    seat_id: confirmed.line_items[0]?.seat_id,
    seat_label: confirmed.line_items[0]?.label,
    tier_id: 'tier_stalls',
    tier_name: 'Stalls',
    holder: { first_name: 'Meera', last_name: 'Joshi' },
  })
  expect(new Set(news.map((ticket) => ticket.code_id)).size).toBe(5)
})

test('the same event again, also under another id, adds nothing and announces nothing', async () => {
  const performance = await fixture.publish()
  const confirmed = await fixture.confirm({ performance })
  const before = await fixture.ticketsOf(confirmed)
  await fixture.context.deliver('booking.confirmed', confirmed.performance_id, confirmed)
  expect(await fixture.ticketsOf(confirmed)).toEqual(before)
  expect(await issuedOf(confirmed.booking_id)).toHaveLength(2)
})

test('a cancelled booking has only void tickets, announced once', async () => {
  const performance = await fixture.publish()
  const confirmed = await fixture.confirm({ performance })
  await fixture.cancel(confirmed)
  await fixture.cancel(confirmed)
  const tickets = await fixture.ticketsOf(confirmed)
  expect(tickets.map((ticket) => ticket.status)).toEqual(['void', 'void'])
  const voided = (await fixture.context.published('ticketing.tickets_voided')).filter(
    (event) => event.key === confirmed.booking_id,
  )
  expect(voided.map((event) => event.payload)).toEqual([
    {
      booking_id: confirmed.booking_id,
      performance_id: performance.performance_id,
      ticket_ids: tickets.map((ticket) => ticket.id).sort(),
    },
  ])
  expect(await rpc(fixture.context.deps).tickets_of({ booking_id: confirmed.booking_id })).toEqual(
    tickets.map((ticket) => ({
      id: ticket.id,
      seat_id: ticket.seat?.id ?? null,
      tier_id: 'tier_stalls',
      status: 'void',
    })),
  )
})

test('a booking cancelled before its tickets were issued gets void ones, which are not announced', async () => {
  const performance = await fixture.publish()
  const confirmed = confirmedBooking(performance, 2, 0)
  await fixture.context.deliver('booking.cancelled', confirmed.performance_id, cancelledBooking(confirmed))
  await fixture.context.deliver('booking.confirmed', confirmed.performance_id, confirmed)
  expect((await fixture.ticketsOf(confirmed)).map((ticket) => ticket.status)).toEqual(['void', 'void'])
  expect(await issuedOf(confirmed.booking_id)).toEqual([])
})

test('issuing and voiding concurrently never leaves an active ticket of a cancelled booking', async () => {
  const performance = await fixture.publish()
  const bookings = Array.from({ length: 60 }, () => confirmedBooking(performance, 1, 1, { user_id: 'usr_many' }))
  await Promise.all(
    bookings.flatMap((confirmed) => [
      fixture.context.deliver('booking.confirmed', confirmed.performance_id, confirmed),
      fixture.context.deliver('booking.cancelled', confirmed.performance_id, cancelledBooking(confirmed)),
    ]),
  )
  const rows = await fixture.context.owner.query(
    `select from ticketing.tickets where booking_id = any($1) and status = 'active'`,
    [bookings.map((confirmed) => confirmed.booking_id)],
  )
  expect(rows).toHaveLength(0)
  // Every announced ticket is announced as void.
  const told = async (topic: string) =>
    (await fixture.context.published(topic))
      .map((event) => event.key)
      .filter((key) => bookings.some((one) => one.booking_id === key))
      .sort()
  expect(await told('ticketing.tickets_voided')).toEqual(await told('ticketing.tickets_issued'))
})

test('check-in finds a ticket by its code id, with its state', async () => {
  const performance = await fixture.publish()
  const confirmed = await fixture.confirm({ performance, count: 1 })
  const [issued] = await issuedOf(confirmed.booking_id)
  const door = () => rpc(fixture.context.deps).door_ticket({ code_id: issued?.code_id ?? '' })
  expect(await door()).toEqual({ ...issued, status: 'active' })
  await fixture.cancel(confirmed)
  expect(await door()).toEqual({ ...issued, status: 'void' })
  expect(await rpc(fixture.context.deps).door_ticket({ code_id: crypto.randomUUID() })).toBeNull()
})

test('a later revision changes the tickets, an earlier one that arrives afterwards does not', async () => {
  const performance = await fixture.publish({ revision: 3 })
  const confirmed = await fixture.confirm({ performance, count: 1 })
  await fixture.publish({ ...performance, revision: 4, title: 'Winter Ragas' })
  await fixture.publish({ ...performance, revision: 2, title: 'Spring Ragas' })
  expect((await fixture.ticketsOf(confirmed))[0]?.performance.title).toBe('Winter Ragas')
})

test('a holder whom the order does not name is named by their account, while identity is available', async () => {
  const performance = await fixture.publish()
  const confirmed = await fixture.confirm({ performance, count: 1, holder: null, user_id: BUYER.user_id })
  expect((await fixture.ticketsOf(confirmed))[0]?.holder).toEqual({ first_name: 'Ada', last_name: 'Account' })
  fixture.away.add('identity')
  expect((await fixture.ticketsOf(confirmed))[0]?.holder).toBeNull()
  fixture.away.delete('identity')
})
