import { decodeGeometry, type GeometryDocument } from '@tessera/contracts/seat-map/geometry'
import { encodeGeometry } from '@tessera/contracts/seat-map/geometry-encode'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RowMark, rowMarks } from './row-marks.ts'
import { seatIndex } from './seat-index.ts'

const SEATS = 10
const SPACING = 20

/** Straight rows one above the other. */
function marksOf(rows: number, between: number, left: number, top: number): RowMark[] {
  const seats = (row: number) =>
    Array.from({ length: SEATS }, (_, seat) => ({
      seat_number: String(seat + 1),
      seat_guid: `${row}-${seat}`,
      position: { x: seat * SPACING, y: 0 },
      category: 'Stalls',
    }))
  const outcome = normaliseChart({
    name: 'Hall',
    categories: [{ name: 'Stalls', color: '#b3202c' }],
    zones: [
      {
        name: 'Hall',
        position: { x: left, y: top },
        rows: Array.from({ length: rows }, (_, row) => ({
          row_number: String(row + 1),
          position: { x: 0, y: row * between },
          seats: seats(row),
        })),
        areas: [],
      },
    ],
    size: { width: 1_000, height: 1_000 },
  })
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome))
  const geometry = decodeGeometry(JSON.parse(JSON.stringify(encodeGeometry(outcome.chart))) as GeometryDocument)
  return rowMarks(geometry, seatIndex(geometry))
}

test('every row has its name at both ends, wherever the room lies', () => {
  const offset = fc.double({ min: -5_000, max: 5_000, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.double({ min: 18, max: 40, noNaN: true }),
      offset,
      offset,
      (...room) => {
        const [rows] = room
        const names = marksOf(...room).map(({ label }) => label)
        const twice = Array.from({ length: rows }, (_, row) => [String(row + 1), String(row + 1)]).flat()
        expect(names.toSorted()).toEqual(twice.toSorted())
      },
    ),
  )
})

test('a name is written away from its seats', () => {
  for (const { x, align } of marksOf(3, 20, 0, 0)) expect(align).toBe(x < 0 ? 'right' : 'left')
})
