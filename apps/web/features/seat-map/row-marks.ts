/** Where rows write their names: just beyond their ends, where no seat stands. */
import { adjacencyOf } from '@tessera/contracts/seat-map/adjacency'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type SeatIndex, seatAt } from './seat-index.ts'

export type RowMark = { x: number; y: number; label: string }

/** How far beyond the last seat, in pitches. */
const BEYOND = 1.25

export function rowMarks(geometry: Geometry, index: SeatIndex): RowMark[] {
  const { seats } = adjacencyOf(geometry)
  const marks: RowMark[] = []
  for (const row of geometry.rows) {
    if (row.label === '' || row.table !== null) continue
    // Runs keep rows together, so a row's seats from end to end are the same slice as in the document.
    const order = seats.subarray(row.first, row.first + row.count)
    const [first, last] = [order[0], order[order.length - 1]]
    if (first === undefined || last === undefined) continue
    marks.push(...markBeyond(geometry, index, first, order[1] ?? first, row.label))
    if (row.count > 3) marks.push(...markBeyond(geometry, index, last, order[order.length - 2] ?? last, row.label))
  }
  return marks
}

function markBeyond(geometry: Geometry, index: SeatIndex, end: number, inner: number, label: string): RowMark[] {
  const { x, y, pitch } = geometry
  const [ex, ey] = [x[end] ?? 0, y[end] ?? 0]
  const [dx, dy] = end === inner ? [-1, 0] : [ex - (x[inner] ?? 0), ey - (y[inner] ?? 0)]
  const length = Math.hypot(dx, dy) || 1
  const reach = BEYOND * pitch
  const mark = { x: ex + (dx / length) * reach, y: ey + (dy / length) * reach, label }
  return seatAt(index, mark, pitch * 0.8) === null ? [mark] : []
}
