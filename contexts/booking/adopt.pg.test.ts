import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { adopt } from './adopt.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function held(user: string, performance_id: string, seat: string): Promise<string> {
  const answer = await holdAs(fixture, { performance_id, seat_ids: [seat] }, { user })
  expect(answer.status).toBe(201)
  return (answer.body as { booking_id: string }).booking_id
}

const mayRead = async (user: string, booking_id: string): Promise<boolean> =>
  (await fixture.call('GET', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })).status === 200

test('a guest’s bookings go to the account, and the published event names the guest and the account', async () => {
  const { performance_id } = await fixture.open(performance())
  const [guest_id, user_id] = [newId('usr'), newId('usr')]
  const booking_ids = [await held(guest_id, performance_id, 'A-1'), await held(guest_id, performance_id, 'A-2')]
  const elses = await held(newId('usr'), performance_id, 'A-3')
  const adopted = await adopt(fixture.deps, { guest_id, user_id })
  expect(adopted).toEqual({ moved: booking_ids.toSorted(), left: [] })
  expect(await mayRead(user_id, elses)).toBe(false)
  const events = await fixture.published('booking.owner_changed')
  expect(events.map(({ payload }) => payload)).toContainEqual({
    performance_id,
    booking_ids: booking_ids.toSorted(),
    user_id,
  })
  expect(await adopt(fixture.deps, { guest_id, user_id })).toEqual(adopted)
  expect(await fixture.published('booking.owner_changed')).toHaveLength(events.length)
})

test('signing in never exceeds the limit per person: bookings above it stay with the guest', async () => {
  const limited = performance({ tiers: [tier({ max_per_person: 2 })] })
  const { performance_id } = await fixture.open(limited)
  const [guest_id, user_id] = [newId('usr'), newId('usr')]
  const own = [await held(user_id, performance_id, 'B-1'), await held(user_id, performance_id, 'B-2')]
  const above = await held(guest_id, performance_id, 'B-3')
  const other = await fixture.open(performance())
  const free = await held(guest_id, other.performance_id, 'B-4')
  expect(await adopt(fixture.deps, { guest_id, user_id })).toEqual({ moved: [free], left: [above] })
  expect(await mayRead(guest_id, above)).toBe(true)
  for (const id of own) expect(await mayRead(user_id, id)).toBe(true)
})

test('the limit per person holds while the same person signs in and holds at once', async () => {
  const limited = performance({ tiers: [tier({ max_per_person: 1 })] })
  const { performance_id } = await fixture.open(limited)
  for (let round = 1; round <= 10; round++) {
    const [guest_id, user_id] = [newId('usr'), newId('usr')]
    await held(guest_id, performance_id, `C-${round}`)
    await Promise.all([
      holdAs(fixture, { performance_id, seat_ids: [`D-${round}`] }, { user: user_id }),
      adopt(fixture.deps, { guest_id, user_id }),
    ])
    const rows = await fixture.owner.query<{ count: number }>(
      'select count(*)::int as count from booking.bookings where owner_id = $1',
      [user_id],
    )
    expect(rows[0]?.count).toBe(1)
  }
})

test('no key of the account keeps a booking of the guest away, whatever it was made to look like', async () => {
  const { performance_id } = await fixture.open(performance())
  const [guest_id, user_id] = [newId('usr'), newId('usr')]
  const hold = async (user: string, seat: string, key: string): Promise<string> => {
    const answer = await holdAs(fixture, { performance_id, seat_ids: [seat] }, { user, key })
    expect(answer.status).toBe(201)
    return (answer.body as { booking_id: string }).booking_id
  }
  const guests = await hold(guest_id, 'F-1', 'same')
  const own = await hold(user_id, 'F-2', 'same')
  for (const [n, between] of [' ', '', '%0A', '\\n'].entries())
    await hold(user_id, `F-${3 + n}`, `same${between}${guests}`)
  expect(await adopt(fixture.deps, { guest_id, user_id })).toEqual({ moved: [guests], left: [] })
  for (const id of [guests, own]) expect(await mayRead(user_id, id)).toBe(true)
})

test('an interrupted sign-in is completed by its event', async () => {
  const { performance_id } = await fixture.open(performance())
  const [guest_id, user_id] = [newId('usr'), newId('usr')]
  const booking_id = await held(guest_id, performance_id, 'E-1')
  await fixture.deliver('identity.guest_adopted', guest_id, { guest_id, user_id })
  expect(await mayRead(user_id, booking_id)).toBe(true)
  expect(await mayRead(guest_id, booking_id)).toBe(false)
})
