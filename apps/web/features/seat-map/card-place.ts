import type { Point, Viewport } from './camera.ts'

const MARGIN_PX = 8

/** Above the seat by `lift`, below it where above is no room; never over an edge of the map. */
export function cardPlace(
  seat: Point,
  lift: number,
  card: { width: number; height: number },
  viewport: Viewport,
): Point {
  const x = Math.min(Math.max(seat.x - card.width / 2, MARGIN_PX), viewport.width - card.width - MARGIN_PX)
  const above = seat.y - lift - card.height
  const below = Math.min(seat.y + lift, viewport.height - card.height - MARGIN_PX)
  return { x, y: above > MARGIN_PX ? above : below }
}
