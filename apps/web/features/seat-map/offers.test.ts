import { decodeGeometry } from '@tessera/contracts/seat-map/geometry'
import { encodeGeometry } from '@tessera/contracts/seat-map/geometry-encode'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { expect, test } from 'vitest'
import { offersOf } from './offers.ts'
import { seatFacts, seatSentence, sightWords } from './seat-facts.ts'

const seat = (id: string, x: number, y: number, more: object = {}) => ({
  id,
  label: id,
  x,
  y,
  category: 'Stalls',
  ...more,
})
const outcome = normaliseChart({
  format: 'tessera-chart/1',
  name: 'Room',
  categories: [{ name: 'Stalls', color: '#123456' }, { name: 'Balcony' }],
  sections: [
    {
      name: 'Stalls',
      rows: [
        { label: 'A', seats: [seat('1', 0, 100, { accessible: true }), seat('2', 20, 100, { companion_of: '1' })] },
        { label: 'B', seats: [seat('3', 300, 100, { obstructed: true }), seat('4', 10, 900, { category: 'Balcony' })] },
      ],
    },
  ],
  shapes: [{ kind: 'stage', outline: { shape: 'rectangle', x: -10, y: 0, width: 40, height: 10 } }],
})
if (outcome.kind !== 'chart') throw new Error('the room must be a chart')
const geometry = decodeGeometry(encodeGeometry(outcome.chart))
const adult = { tier_id: 't1', name: 'Adult', price: { amount: 4_800, currency: 'EUR' }, categories: ['Stalls'] }
const child = {
  tier_id: 't2',
  name: 'Child',
  price: { amount: 2_400, currency: 'EUR' },
  categories: ['Stalls'],
  color: 'red',
}

test('tiers of a category stand together, and lend it their colour', () => {
  const [stalls, balcony] = offersOf(geometry, [adult, child])
  expect(stalls?.tiers.map((tier) => tier.name)).toEqual(['Child', 'Adult'])
  expect(stalls?.color).toBe('red')
  expect(balcony?.tiers).toEqual([])
})

test('a filter dims what it does not name, and no filter dims nothing', () => {
  const dimmed = (wanted?: string[]) => offersOf(geometry, [adult, child], wanted).map((offer) => offer.is_filtered_out)
  expect(dimmed(['t1'])).toEqual([false, true])
  expect(dimmed([])).toEqual([false, false])
  expect(dimmed()).toEqual([false, false])
})

test('a seat says what it costs, how it stands, and what is special', () => {
  const offers = offersOf(geometry, [adult, child])
  const say = (n: number, state: 'available' | 'held' | 'sold' | 'blocked' = 'available', isMine = false) =>
    seatSentence(seatFacts(geometry, offers, n, state, isMine))
  expect(say(0)).toBe('Stalls, row A, seat 1. Adult €48, Child €24. Free. step-free, wheelchair place')
  expect(say(1, 'held', true)).toBe('Stalls, row A, seat 2. Adult €48, Child €24. Yours. companion of seat 1')
  expect(say(2, 'sold')).toContain('Taken. restricted view')
  expect(say(3)).toBe('Stalls, row B, seat 4. Not on sale')
})

test('sight is told from the stage', () => {
  expect(sightWords(geometry, 0)).toBe('near the stage, straight ahead')
  expect(sightWords(geometry, 2)).toBe('near the stage, from the right side')
  expect(sightWords(geometry, 3)).toBe('far back, straight ahead')
})
