import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gridMove } from './grid-moves.ts'

const lengths = [3, 1, 4]

test.each<[string, number, number, number, number]>([
  ['ArrowRight', 0, 0, 0, 1],
  ['ArrowRight', 0, 2, 1, 0],
  ['ArrowRight', 2, 3, 2, 3],
  ['ArrowLeft', 1, 0, 0, 2],
  ['ArrowLeft', 0, 0, 0, 0],
  ['ArrowDown', 0, 2, 1, 0],
  ['ArrowUp', 2, 3, 1, 0],
  ['PageDown', 0, 1, 2, 1],
  ['PageUp', 2, 1, 0, 1],
  ['Home', 2, 2, 2, 0],
  ['End', 2, 0, 2, 3],
])('%s from %d, %d', (key, row, column, toRow, toColumn) => {
  expect(gridMove(lengths, { row, column }, key)).toEqual({ row: toRow, column: toColumn })
})

test('the whole grid has ends of its own', () => {
  expect(gridMove(lengths, { row: 1, column: 0 }, 'Home', true)).toEqual({ row: 0, column: 0 })
  expect(gridMove(lengths, { row: 1, column: 0 }, 'End', true)).toEqual({ row: 2, column: 3 })
})

test('other keys mean nothing', () => expect(gridMove(lengths, { row: 0, column: 0 }, 'x')).toBeNull())

test('no key leads out of the grid', () => {
  const keys = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown')
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      fc.array(keys),
      (grid, pressed) => {
        let place = { row: 0, column: 0 }
        for (const key of pressed) {
          place = gridMove(grid, place, key) ?? place
          expect(place.column).toBeGreaterThanOrEqual(0)
          expect(place.column).toBeLessThan(grid[place.row] ?? 0)
        }
      },
    ),
  )
})
