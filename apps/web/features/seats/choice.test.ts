import { expect, test } from 'vitest'
import { tier } from '../event/tier.fixture.ts'
import {
  type Choice,
  holdBody,
  note,
  nothingChosen,
  withFound,
  withOffer,
  withPlaces,
  withSeatPressed,
  withSeats,
  withTariff,
} from './choice.ts'

const room = {
  tiers: [tier('child', 1_000, ['Stalls'], 1), tier('adult', 2_000, ['Stalls'], 1), tier('standing', 500, null)],
  geometry: {
    categories: [
      { name: 'Stalls', color: '#000000' },
      { name: 'Box', color: '#000000' },
    ],
    category: Uint8Array.from([0, 0, 0, 1]),
    ids: ['A-1', 'A-2', 'A-3', 'B-1'],
  },
}
const pressed = (...seats: number[]) =>
  seats.reduce((choice, seat) => withSeatPressed(choice, room, seat), nothingChosen)

test('a refused seat changes nothing but what is said', () => {
  const full = pressed(0)
  const refused = withSeatPressed(full, room, 1)
  expect(refused).toEqual({ ...full, message: { words: expect.any(String), offer: null, tone: 'note' } })
  expect(refused.message?.words).toMatch(/^One order takes at most 1 of adult\. .*another price/)
  const cheaper = withTariff(full, room, 0, 'child')
  expect(withSeatPressed(cheaper, room, 1).picks).toEqual([
    { seat: 0, tier_id: 'child' },
    { seat: 1, tier_id: 'adult' },
  ])
  expect(withTariff(withSeatPressed(cheaper, room, 1), room, 1, 'child').message?.words).toBe(
    'One order takes at most 1 of child.',
  )
  expect(withSeatPressed(full, room, 3)).toEqual({ ...full, message: note('This seat is not on sale now.') })
})

test('seats and places without seats put each other back, and say why', () => {
  const places = withPlaces(pressed(0), 'standing', 2)
  expect(places).toMatchObject({ picks: [], message: { words: expect.stringContaining('separate orders') } })
  const seat = withSeatPressed(places, room, 1)
  expect(seat.places.size).toBe(0)
  expect(seat.message).toEqual(places.message)
})

test('nothing chosen is nothing to warn about', () => {
  const none = withPlaces(nothingChosen, 'standing', 0)
  expect(none.message).toBeNull()
  expect(withSeatPressed(none, room, 0).message).toBeNull()
})

test('an offer keeps the tariffs picked before, where they fit', () => {
  const choice: Choice = { ...nothingChosen, picks: [{ seat: 0, tier_id: 'child' }], message: note('gone') }
  const taken = withSeats(choice, room, [1, 2, 3])
  expect(taken.picks).toEqual([
    { seat: 1, tier_id: 'child' },
    { seat: 2, tier_id: 'adult' },
  ])
  expect(taken.message).toBeNull()
})

test('a search says so when the party cannot sit together, and when it cannot sit at all', () => {
  const wide = { ...room, tiers: [tier('adult', 2_000, ['Stalls'])] }
  const together = withFound(nothingChosen, wide, { kind: 'together', seats: [0, 1] }, 2)
  expect(together).toMatchObject({ found: [0, 1], message: null })
  const near = withFound(nothingChosen, wide, { kind: 'near', seats: [0, 2] }, 2)
  expect(near).toMatchObject({ picks: [{ seat: 0 }, { seat: 2 }], message: { tone: 'note' } })
  const none = withFound(pressed(0), room, { kind: 'none' }, 9)
  expect(none).toMatchObject({ picks: [{ seat: 0 }], message: { words: expect.stringContaining('9 seats') } })
})

test('seats that were found are not taken beyond the limit of their tariff', () => {
  const refused = withFound(nothingChosen, room, { kind: 'together', seats: [0, 1] }, 2)
  expect(refused).toEqual({ ...nothingChosen, message: note('One order takes at most 1 of adult.') })
})

test('an offer joins the message it belongs to, and no later one', () => {
  const lost = { ...nothingChosen, message: note('A-1 just went.') }
  expect(withOffer(lost, 'A-1 just went.', [1]).message?.offer).toEqual([1])
  const gone_on = { ...nothingChosen, message: note('A-2 just went.') }
  expect(withOffer(gone_on, 'A-1 just went.', [1])).toBe(gone_on)
})

test('seats are held by id and tariff, places by how many', () => {
  expect(holdBody('perf_a', room, pressed(1))).toEqual({
    performance_id: 'perf_a',
    seats: [{ seat_id: 'A-2', tier_id: 'adult' }],
  })
  const places = withPlaces(withPlaces(nothingChosen, 'standing', 2), 'child', 0)
  expect(holdBody('perf_a', room, places)).toEqual({
    performance_id: 'perf_a',
    items: [{ tier_id: 'standing', quantity: 2 }],
  })
})
