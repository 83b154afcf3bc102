/** Finding seats by place: for pointers and for keys. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import Flatbush from 'flatbush'
import type { Point } from './camera.ts'

export type SeatIndex = { tree: Flatbush | null }

export function seatIndex({ count, x, y }: Pick<Geometry, 'count' | 'x' | 'y'>): SeatIndex {
  // Flatbush refuses to index nothing; a room with standing areas alone has no seats.
  if (count === 0) return { tree: null }
  const tree = new Flatbush(count, 16, Float32Array)
  for (let seat = 0; seat < count; seat += 1) tree.add(x[seat] ?? 0, y[seat] ?? 0)
  tree.finish()
  return { tree }
}

/** The seat nearest to a chart point, at most `reach` units away. */
export function seatAt({ tree }: SeatIndex, point: Point, reach: number): number | null {
  return tree?.neighbors(point.x, point.y, 1, reach)[0] ?? null
}

export type Direction = 'left' | 'right' | 'up' | 'down'

const steps: Record<Direction, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
}

/** Sideways costs more than ahead, so that an arrow key keeps to its line. */
const ASIDE_WEIGHT = 1.3
const CANDIDATES = 24

/** Where an arrow key leads: the wanted seat nearest ahead, within 60° of the arrow. */
export function neighbourOf(
  geometry: Pick<Geometry, 'x' | 'y'>,
  { tree }: SeatIndex,
  from: number,
  direction: Direction,
  isWanted: (seat: number) => boolean,
): number | null {
  if (tree === null) return null
  const step = steps[direction]
  const [x, y] = [geometry.x[from] ?? 0, geometry.y[from] ?? 0]
  const offset = (seat: number) => {
    const [dx, dy] = [(geometry.x[seat] ?? 0) - x, (geometry.y[seat] ?? 0) - y]
    return { ahead: dx * step.x + dy * step.y, aside: Math.abs(dx * step.y - dy * step.x) }
  }
  const isAhead = (seat: number) => {
    const { ahead, aside } = offset(seat)
    return seat !== from && ahead > 0 && aside <= ahead * 1.75 && isWanted(seat)
  }
  let best: number | null = null
  let bestCost = Number.POSITIVE_INFINITY
  for (const seat of tree.neighbors(x, y, CANDIDATES, Number.POSITIVE_INFINITY, isAhead)) {
    const { ahead, aside } = offset(seat)
    const cost = ahead + ASIDE_WEIGHT * aside
    if (cost > bestCost || (cost === bestCost && best !== null && seat > best)) continue
    best = seat
    bestCost = cost
  }
  return best
}
