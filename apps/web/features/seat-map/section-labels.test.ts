import { expect, test } from 'vitest'
import { type LabelWish, placeLabels } from './section-labels.ts'

const wish = (name: string, x: number, y: number, across: number, down: number, room_px = 30): LabelWish => ({
  name,
  words: ['234 free', 'from €65'],
  free: 234,
  x,
  y,
  room_px,
  size: 10,
  extent: () => ({ across, down }),
})
/** Every character is half as wide as it is high. */
const linesOf = (wishes: readonly LabelWish[]) =>
  placeLabels(wishes, 1, (line) => line.length / 2).map(({ lines }) => lines)

test('a section says in words how many are free, and in a number where words do not fit', () => {
  expect(linesOf([wish('204', 0, 0, 200, 200, 150)])).toEqual([['204', '234 free', 'from €65']])
  expect(linesOf([wish('204', 0, 0, 80, 80, 80)])).toEqual([['204', '234 free']])
  expect(linesOf([wish('204', 0, 0, 24, 60)])).toEqual([['204', '234']])
  expect(linesOf([wish('204', 0, 0, 60, 20)])).toEqual([['204 · 234']])
  expect(linesOf([wish('204', 0, 0, 20, 20)])).toEqual([['204']])
})

test('no number takes the place of another name', () => {
  const column = [0, 20, 40].map((y, index) => wish(`20${index}`, 0, y, 60, 40))
  expect(linesOf(column).map((lines) => lines[0]?.slice(0, 3))).toEqual(['200', '201', '202'])
  // Negative control: with room between them each has its number below.
  const apart = [0, 60, 120].map((y, index) => wish(`20${index}`, 0, y, 60, 40))
  expect(linesOf(apart)).toEqual([0, 1, 2].map((index) => [`20${index}`, '234']))
})

test('where nothing is to be told there is no number, and a name that would touch another is left out', () => {
  expect(linesOf([{ ...wish('204', 0, 0, 60, 60), words: [] }])).toEqual([['204']])
  expect(linesOf([wish('204', 0, 0, 20, 20), wish('205', 4, 4, 20, 20)])).toEqual([['204']])
})
