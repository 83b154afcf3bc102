import { packSeats, type SeatState, seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { expect, test } from 'vitest'
import { SeatPicture } from './seat-picture.ts'

const chart = { count: 6, number_of: new Map(['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6'].map((id, n) => [id, n])) }
const numberOf = (id: string) => chart.number_of.get(id)
const at = (version: number, seats: Record<string, SeatState> = {}) => packSeats(6, version, seats, numberOf)

function pictureAt(version: number): SeatPicture {
  const picture = new SeatPicture(chart)
  picture.replace(at(version))
  return picture
}

test('knows nothing before the first document, which may then have changed anything', () => {
  const picture = new SeatPicture(chart)
  expect(picture.isKnown).toBe(false)
  expect(picture.replace(at(0))).toBeNull()
  expect(picture.isKnown).toBe(true)
})

test('deltas apply by version, in whatever order they came; those already known change nothing', () => {
  const picture = pictureAt(5)
  picture.add({ version: 7, changes: { 'A-2': 'sold' } })
  picture.add({ version: 4, changes: { 'A-6': 'sold' } })
  picture.add({ version: 6, changes: { 'A-1': 'held', 'A-2': 'held' } })
  expect(picture.catchUp()).toEqual({ changed: [0, 1, 1], has_gap: false })
  expect(picture.version).toBe(7)
  expect(seatStateAt(picture.states, 1)).toBe('sold')
  expect(seatStateAt(picture.states, 5)).toBe('available')
})

test('what comes after a gap waits for the document', () => {
  const picture = pictureAt(5)
  picture.add({ version: 7, changes: { 'A-2': 'sold' } })
  picture.add({ version: 8, changes: { 'A-3': 'sold' } })
  expect(picture.catchUp()).toEqual({ changed: [], has_gap: true })
  expect(picture.replace(at(7, { 'A-1': 'held', 'A-2': 'sold' }))).toEqual([0, 1])
  expect(picture.catchUp()).toEqual({ changed: [2], has_gap: false })
})

test('a later document names the seats that differ, to the last one', () => {
  expect(pictureAt(5).replace(at(9, { 'A-1': 'sold', 'A-6': 'blocked' }))).toEqual([0, 5])
})
