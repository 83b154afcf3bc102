/** Who sits beside whom. */
import { median } from './pitch.ts'
import type { SeatColumns } from './seat-columns.ts'

/** A gap wider than this many pitches is an aisle: the seats on its sides are not neighbours. */
const AISLE_IN_PITCHES = 1.6

/**
 * Seats run by run: the seats of run r are `seats[starts[r]] … seats[starts[r + 1] - 1]`, each beside the next.
 * Every seat is in exactly one run.
 */
export type Adjacency = { seats: Int32Array; starts: Int32Array }

type Places = Pick<SeatColumns, 'count' | 'x' | 'y' | 'rows' | 'pitch'>

export function adjacencyOf(places: Places): Adjacency {
  const seats = new Int32Array(places.count)
  const starts: number[] = []
  let filled = 0
  for (const row of places.rows) {
    if (row.count === 0) continue
    const order = orderInRow(places, row.first, row.count)
    const aisle = AISLE_IN_PITCHES * rowPitch(places, order)
    order.forEach((seat, n) => {
      const before = order[n - 1]
      if (before === undefined || distance(places, before, seat) > aisle) starts.push(filled)
      seats[filled] = seat
      filled += 1
    })
  }
  starts.push(filled)
  return { seats, starts: Int32Array.from(starts) }
}

/**
 * The row's seats from one end to the other. Plans number seats in any order (odd ones left, even ones right), so
 * position decides; round a table or on a deep arc the document's own order makes the shorter walk, and wins.
 */
function orderInRow(places: Places, first: number, count: number): number[] {
  const written = Array.from({ length: count }, (_, n) => first + n)
  if (count < 3) return written
  const { dx, dy } = axisOf(places, written)
  const along = (seat: number) => at(places.x, seat) * dx + at(places.y, seat) * dy
  const placed = written.toSorted((a, b) => along(a) - along(b) || a - b)
  return walk(places, placed) < walk(places, written) * 0.999 ? placed : written
}

/** The direction in which the seats spread most (first principal axis). */
function axisOf(places: Places, seats: number[]): { dx: number; dy: number } {
  let mx = 0
  let my = 0
  for (const seat of seats) {
    mx += at(places.x, seat) / seats.length
    my += at(places.y, seat) / seats.length
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (const seat of seats) {
    const ax = at(places.x, seat) - mx
    const ay = at(places.y, seat) - my
    xx += ax * ax
    yy += ay * ay
    xy += ax * ay
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2
  return { dx: Math.cos(angle), dy: Math.sin(angle) }
}

function walk(places: Places, order: number[]): number {
  let length = 0
  for (let n = 1; n < order.length; n += 1) length += distance(places, order[n - 1] ?? 0, order[n] ?? 0)
  return length
}

/** The row's own median gap; with fewer than three gaps a row cannot tell an aisle from its pitch, so the chart helps. */
function rowPitch(places: Places, order: number[]): number {
  const gaps: number[] = []
  for (let n = 1; n < order.length; n += 1) {
    const gap = distance(places, order[n - 1] ?? 0, order[n] ?? 0)
    if (gap > 0) gaps.push(gap)
  }
  if (gaps.length === 0) return places.pitch
  return gaps.length < 3 ? Math.min(median(gaps), places.pitch) : median(gaps)
}

function distance(places: Places, a: number, b: number): number {
  return Math.hypot(at(places.x, a) - at(places.x, b), at(places.y, a) - at(places.y, b))
}

function at(column: Float32Array, seat: number): number {
  return column[seat] ?? 0
}
