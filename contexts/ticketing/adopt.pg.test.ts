import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Office, openOffice } from './office.fixture.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.context[Symbol.asyncDispose]())

const user_id = newId('usr')

test('tickets follow their booking to its new owner, issued before or after it changed hands', async () => {
  const performance = await office.publish()
  const { performance_id } = performance
  const before = await office.confirm({ performance, count: 2 })
  await office.context.deliver('booking.owner_changed', performance_id, {
    performance_id,
    booking_ids: [before.booking_id],
    user_id,
  })
  expect(await office.ticketsOf({ ...before, user_id })).toHaveLength(2)
  expect(await office.ticketsOf(before)).toEqual([])

  const booking_id = newId('bk')
  await office.context.deliver('booking.owner_changed', performance_id, {
    performance_id,
    booking_ids: [booking_id],
    user_id,
  })
  const after = await office.confirm({ performance, count: 2, booking_id })
  expect(await office.ticketsOf({ ...after, user_id })).toHaveLength(2)
  expect(await office.ticketsOf(after)).toEqual([])
})
