/** Finding seats by position. A grid of our own: an index that also finds what nobody asks for is 2.6 kB of the page's script. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { Point } from './camera.ts'

type Positions = Pick<Geometry, 'count' | 'x' | 'y' | 'pitch'>
/** Seats by cell, whose side is two pitches. */
export type SeatIndex = { positions: Positions; side: number; cells: ReadonlyMap<number, readonly number[]> }

/** More than there are cells in a column of any chart. */
const CELLS_A_COLUMN = 2 ** 26

export function seatIndex(positions: Positions): SeatIndex {
  const { count, x, y, pitch } = positions
  const side = 2 * pitch
  const cells = new Map<number, number[]>()
  for (let seat = 0; seat < count; seat += 1) {
    const key = Math.floor((x[seat] ?? 0) / side) * CELLS_A_COLUMN + Math.floor((y[seat] ?? 0) / side)
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [seat])
    else cell.push(seat)
  }
  return { positions, side, cells }
}

/** The seat nearest to a chart point, at most `reach` units away, which is a few pitches. */
export function seatAt({ positions, side, cells }: SeatIndex, point: Point, reach: number): number | null {
  const { x, y } = positions
  let nearest: number | null = null
  let least = reach
  for (let column = Math.floor((point.x - reach) / side); column <= (point.x + reach) / side; column += 1) {
    for (let row = Math.floor((point.y - reach) / side); row <= (point.y + reach) / side; row += 1) {
      for (const seat of cells.get(column * CELLS_A_COLUMN + row) ?? []) {
        const distance = Math.hypot((x[seat] ?? 0) - point.x, (y[seat] ?? 0) - point.y)
        if (distance > least) continue
        least = distance
        nearest = seat
      }
    }
  }
  return nearest
}
