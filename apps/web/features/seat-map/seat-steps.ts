/** From seat to seat by keys. A key may look at every seat: 80,000 take less than a millisecond. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type Point, toChart } from './camera.ts'
import type { MapRenderer } from './map-renderer.ts'
import { isSelectable } from './map-scene.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

const ways: Record<Direction, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
}

/** Sideways costs more than ahead, so that an arrow key keeps to its line. */
const ASIDE_WEIGHT = 1.3
/** The tangent of the widest angle to the arrow: 60°. */
const ASIDE_MAX = 1.75

type Positions = Pick<Geometry, 'count' | 'x' | 'y'>

/** Where an arrow key leads: the wanted seat nearest ahead, within 60° of the arrow. */
export function neighbourOf(
  positions: Positions,
  from: number,
  direction: Direction,
  isWanted: (seat: number) => boolean,
): number | null {
  const way = ways[direction]
  const { x, y } = positions
  const [own_x, own_y] = [x[from] ?? 0, y[from] ?? 0]
  return leastOf(positions, isWanted, (seat) => {
    const [dx, dy] = [(x[seat] ?? 0) - own_x, (y[seat] ?? 0) - own_y]
    const ahead = dx * way.x + dy * way.y
    const aside = Math.abs(dx * way.y - dy * way.x)
    return ahead > 0 && aside <= ahead * ASIDE_MAX ? ahead + ASIDE_WEIGHT * aside : Number.POSITIVE_INFINITY
  })
}

/** The next seat in that direction that can be chosen or is; the first one to start from where the keys are on none. */
export function stepFrom(
  { scene, marks, cameraController }: Pick<MapRenderer, 'scene' | 'marks' | 'cameraController'>,
  direction: Direction,
): number | null {
  const { geometry } = scene
  const isWanted = (seat: number) => isSelectable(scene, seat) || marks.selection.includes(seat)
  if (marks.focused !== null) return neighbourOf(geometry, marks.focused, direction, isWanted)
  const { camera, viewport } = cameraController
  const { x, y } = toChart(camera, viewport, { x: viewport.width / 2, y: viewport.height / 2 })
  const distance = (seat: number) => Math.hypot((geometry.x[seat] ?? 0) - x, (geometry.y[seat] ?? 0) - y)
  return marks.selection[0] ?? leastOf(geometry, isWanted, distance)
}

/** The wanted seat of the least cost; an infinite one is none. */
function leastOf(
  { count }: Positions,
  isWanted: (seat: number) => boolean,
  costOf: (seat: number) => number,
): number | null {
  let best: number | null = null
  let least = Number.POSITIVE_INFINITY
  for (let seat = 0; seat < count; seat += 1) {
    const cost = costOf(seat)
    if (cost >= least || !isWanted(seat)) continue
    best = seat
    least = cost
  }
  return best
}
