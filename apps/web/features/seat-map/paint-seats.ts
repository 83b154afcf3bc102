/**
 * Seats, many at once. States differ by shape, not by colour alone: free = disc, held = dashed ring, taken = point,
 * a wheelchair place = rounded square. Seats of one look go into one path: a fill a look, not a fill a seat.
 */
import { isAccessible, isObstructed, type MapScene, type Placement, seatLook } from './map-scene.ts'
import { cssOf, inkOn } from './map-theme.ts'

const TAU = Math.PI * 2
/** Below this radius (canvas pixels) a square cannot be told from a disc, and costs half. */
const SQUARE_BELOW = 1.3
/** CSS pixels: seats of a few blocks far apart would be too small to see when the whole room is shown. */
const RADIUS_MIN = 0.75

type Buckets = { free: number[][]; dimmed: number[][]; held: number[]; gone: number[]; unknown: number[] }

export function paintSeats(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  seats: readonly number[],
  place: Placement,
): void {
  const { theme, colors } = scene
  const radius = Math.max(scene.radius * place.scale, RADIUS_MIN * place.dpr)
  const buckets = sortByLook(scene, seats)
  context.fillStyle = theme.seat_off
  trace(context, scene, buckets.gone, place, Math.max(radius * 0.34, 0.5))
  context.fill()
  context.fillStyle = theme.line
  trace(context, scene, buckets.unknown, place, radius)
  context.fill()
  paintHeld(context, scene, buckets.held, place, radius)
  colors.forEach((color, category) => {
    const dimmed = buckets.dimmed[category] ?? []
    if (dimmed.length > 0) {
      context.fillStyle = cssOf(color, 0.17)
      trace(context, scene, dimmed, place, radius)
      context.fill()
    }
    const free = buckets.free[category] ?? []
    if (free.length === 0) return
    context.fillStyle = cssOf(color)
    trace(context, scene, free, place, radius)
    context.fill()
  })
}

function sortByLook(scene: MapScene, seats: readonly number[]): Buckets {
  const buckets: Buckets = {
    free: scene.colors.map(() => []),
    dimmed: scene.colors.map(() => []),
    held: [],
    gone: [],
    unknown: [],
  }
  for (const seat of seats) {
    const look = seatLook(scene, seat)
    if (look === 'held' || look === 'gone' || look === 'unknown') buckets[look].push(seat)
    else buckets[look][scene.geometry.category[seat] ?? 0]?.push(seat)
  }
  return buckets
}

function paintHeld(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  seats: readonly number[],
  place: Placement,
  radius: number,
): void {
  if (seats.length === 0) return
  if (radius < 3 * place.dpr) {
    context.fillStyle = scene.theme.seat_held
    trace(context, scene, seats, place, Math.max(radius * 0.5, 0.6))
    context.fill()
    return
  }
  context.strokeStyle = scene.theme.seat_held
  context.lineWidth = Math.max(radius * 0.2, place.dpr)
  context.setLineDash([radius * 0.38, radius * 0.34])
  trace(context, scene, seats, place, radius * 0.86)
  context.stroke()
  context.setLineDash([])
}

function trace(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  seats: readonly number[],
  { scale, dx, dy }: Placement,
  radius: number,
): void {
  const { x, y } = scene.geometry
  context.beginPath()
  for (const seat of seats) {
    const cx = (x[seat] ?? 0) * scale + dx
    const cy = (y[seat] ?? 0) * scale + dy
    if (radius < SQUARE_BELOW) {
      context.rect(cx - radius, cy - radius, radius * 2, radius * 2)
    } else if (isAccessible(scene, seat)) {
      context.roundRect(cx - radius, cy - radius, radius * 2, radius * 2, radius * 0.42)
    } else {
      context.moveTo(cx + radius, cy)
      context.arc(cx, cy, radius, 0, TAU)
    }
  }
}

/** What is worth seeing close by: seat numbers, the wheelchair sign, the bar across a restricted view. */
export function paintSeatDetails(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  seats: readonly number[],
  place: Placement,
): void {
  const radius = scene.radius * place.scale
  const { x, y, numbers, category } = scene.geometry
  const showsNumbers = radius >= 8.5 * place.dpr
  const inks = scene.colors.map((color) => cssOf(inkOn(color)))
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const seat of seats) {
    if (seatLook(scene, seat) !== 'free') continue
    const cx = (x[seat] ?? 0) * place.scale + place.dx
    const cy = (y[seat] ?? 0) * place.scale + place.dy
    const ink = inks[category[seat] ?? 0] ?? '#fff'
    if (isObstructed(scene, seat)) paintBar(context, cx, cy, radius, scene.theme.paper_css)
    if (isAccessible(scene, seat)) {
      paintWheelchair(context, cx, cy, radius * 0.78, ink)
    } else if (showsNumbers) {
      context.fillStyle = ink
      paintNumber(context, scene, numbers[seat] ?? '', cx, cy, radius)
    }
  }
}

/** Long numbers shrink until they fit the disc. */
export function paintNumber(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  number: string,
  cx: number,
  cy: number,
  radius: number,
): void {
  if (number === '') return
  const size = radius * Math.min(0.95, 2.6 / Math.max(number.length, 2))
  context.font = `600 ${size.toFixed(1)}px ${scene.theme.font}`
  context.fillText(number, cx, cy + size * 0.04)
}

function paintBar(context: CanvasRenderingContext2D, cx: number, cy: number, radius: number, color: string): void {
  context.strokeStyle = color
  context.lineWidth = Math.max(radius * 0.22, 1)
  context.beginPath()
  context.moveTo(cx - radius * 0.25, cy + radius * 0.98)
  context.lineTo(cx + radius * 0.98, cy - radius * 0.25)
  context.stroke()
}

/** Head, back and legs, wheel. Drawn rather than typed: fonts disagree about the sign. */
function paintWheelchair(context: CanvasRenderingContext2D, cx: number, cy: number, size: number, color: string): void {
  context.fillStyle = color
  context.strokeStyle = color
  context.lineWidth = size * 0.17
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.beginPath()
  context.arc(cx - size * 0.12, cy - size * 0.72, size * 0.17, 0, TAU)
  context.fill()
  context.beginPath()
  context.moveTo(cx - size * 0.12, cy - size * 0.42)
  context.lineTo(cx - size * 0.12, cy + size * 0.1)
  context.lineTo(cx + size * 0.34, cy + size * 0.1)
  context.lineTo(cx + size * 0.52, cy + size * 0.62)
  context.stroke()
  context.beginPath()
  context.arc(cx - size * 0.08, cy + size * 0.3, size * 0.44, Math.PI * 1.22, Math.PI * 0.18, true)
  context.stroke()
  context.lineCap = 'butt'
}
