import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

const user_id = newId('usr')

test('tickets follow their booking to its new owner, whether issued before or after the change of owner', async () => {
  const performance = await fixture.publish()
  const { performance_id } = performance
  const before = await fixture.confirm({ performance, count: 2 })
  await fixture.context.deliver('booking.owner_changed', performance_id, {
    performance_id,
    booking_ids: [before.booking_id],
    user_id,
  })
  expect(await fixture.ticketsOf({ ...before, user_id })).toHaveLength(2)
  expect(await fixture.ticketsOf(before)).toEqual([])

  const booking_id = newId('bk')
  await fixture.context.deliver('booking.owner_changed', performance_id, {
    performance_id,
    booking_ids: [booking_id],
    user_id,
  })
  const after = await fixture.confirm({ performance, count: 2, booking_id })
  expect(await fixture.ticketsOf({ ...after, user_id })).toHaveLength(2)
  expect(await fixture.ticketsOf(after)).toEqual([])
})
