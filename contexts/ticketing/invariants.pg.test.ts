import type { Confirmed } from '@tessera/contracts/events/booking'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { type Fixture, openFixture } from './fixture.ts'
import { invariants } from './invariants.ts'

let fixture: Fixture
let confirmed: Confirmed
beforeAll(async () => {
  fixture = await openFixture()
})
beforeEach(async () => {
  await fixture.context.owner.query('truncate ticketing.tickets, ticketing.bookings')
  confirmed = await fixture.confirm({ performance: await fixture.publish(), count: 2, standing: 1 })
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

/** The invariants that are violated, in slices as whole. */
const firing = async (): Promise<string[]> =>
  Object.keys(await violationsEitherWay(fixture.context.auditor, invariants))

const plant = (text: string) => fixture.context.owner.query(text)

test('no invariant fires when tickets are issued and voided', async () => {
  const other = await fixture.confirm({ performance: await fixture.publish() })
  await fixture.cancel(other)
  expect(await firing()).toEqual([])
})

test('I7: a ticket of a booking is missing', async () => {
  await plant('delete from ticketing.tickets where position = 1')
  expect(await firing()).toEqual(['I7-ticketing'])
})

test('I7: some tickets of a booking are void, others good', async () => {
  await plant(`update ticketing.tickets set status = 'void', voided_at = now() where position = 1`)
  expect(await firing()).toEqual(['I7-ticketing'])
})

test('I7: two active tickets of one seat, for longer than events may take', async () => {
  await fixture.context.deliver('booking.confirmed', confirmed.performance_id, {
    ...confirmed,
    booking_id: 'bk_twin',
    places: [],
  })
  expect(await firing()).toEqual([])
  await plant(`update ticketing.tickets set issued_at = now() - interval '1 minute'`)
  expect(await firing()).toEqual(['I7-seat'])
})

test('I8: a good ticket of a cancelled booking', async () => {
  await plant('update ticketing.bookings set cancelled_at = now()')
  expect(await firing()).toEqual(['I8-ticketing'])
})

test('I24: a ticket names a key that does not exist', async () => {
  await plant(`update ticketing.tickets set key_id = 'ffffffff' where position = 1`)
  expect(await firing()).toEqual(['I24-key'])
})

test('I29: a ticket of another organization than its performance', async () => {
  await plant(`update ticketing.tickets set organization_id = 'org_theirs' where position = 1`)
  expect(await firing()).toEqual(['I29-ticketing'])
})
