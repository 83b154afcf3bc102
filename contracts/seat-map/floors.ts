/**
 * Some plans draw the balcony right on top of the stalls (the pretix editor shows one zone at a time). On one map that
 * is unreadable and unclickable, so sections that collide with what is there already are moved to a floor below.
 */
import type { Chart } from './chart.ts'

/** Above this share of its seats standing on others, a section belongs to another floor. */
const COLLIDING_SHARE = 0.15
const GAP_IN_PITCHES = 5

type Floor = { taken: Set<string>; top: number; bottom: number; sections: number[] }

/** How far down each section moves, by section number. All zero for nearly every chart. */
export function floorShifts(chart: Chart, pitch: number): Float64Array {
  const shifts = new Float64Array(chart.sections.length)
  if (chart.sections.length < 2) return shifts
  const floors: Floor[] = []
  for (const [section, seats] of seatsBySection(chart).entries()) {
    if (seats.length === 0) continue
    const floor = floors.find((candidate) => share(candidate, seats, pitch) < COLLIDING_SHARE) ?? open(floors)
    for (const seat of seats) {
      floor.taken.add(cell(seat.x, seat.y, pitch, 0, 0))
      floor.top = Math.min(floor.top, seat.y)
      floor.bottom = Math.max(floor.bottom, seat.y)
    }
    floor.sections.push(section)
  }
  let bottom = floors[0]?.bottom ?? 0
  for (const floor of floors.slice(1)) {
    const shift = bottom + GAP_IN_PITCHES * pitch - floor.top
    for (const section of floor.sections) shifts[section] = shift
    bottom = floor.bottom + shift
  }
  return shifts
}

function open(floors: Floor[]): Floor {
  const floor: Floor = {
    taken: new Set(),
    top: Number.POSITIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
    sections: [],
  }
  floors.push(floor)
  return floor
}

type Spot = { x: number; y: number }

function seatsBySection(chart: Chart): Spot[][] {
  const seats: Spot[][] = chart.sections.map(() => [])
  for (const seat of chart.seats) seats[seat.section]?.push(seat)
  return seats
}

/** The share of `seats` with a seat of the floor closer than about half a pitch. */
function share(floor: Floor, seats: Spot[], pitch: number): number {
  let hits = 0
  for (const { x, y } of seats) {
    const near =
      floor.taken.has(cell(x, y, pitch, 0, 0)) ||
      floor.taken.has(cell(x, y, pitch, 0.5, 0)) ||
      floor.taken.has(cell(x, y, pitch, -0.5, 0)) ||
      floor.taken.has(cell(x, y, pitch, 0, 0.5)) ||
      floor.taken.has(cell(x, y, pitch, 0, -0.5))
    if (near) hits += 1
  }
  return hits / seats.length
}

/** Cells are half a pitch wide. */
function cell(x: number, y: number, pitch: number, right: number, down: number): string {
  return `${Math.floor((2 * x) / pitch + right)}:${Math.floor((2 * y) / pitch + down)}`
}
