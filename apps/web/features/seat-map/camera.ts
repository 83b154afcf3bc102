/** Where the map looks. Kernels: data in, data out. Chart units are "units"; screen lengths are CSS pixels. */

/** The chart point in the middle of the viewport, and pixels per unit. */
export type Camera = { x: number; y: number; scale: number }
export type Viewport = { width: number; height: number }
export type Point = { x: number; y: number }
export type Box = { left: number; top: number; right: number; bottom: number }
export type ScaleLimits = { min: number; max: number }

export function toScreen(camera: Camera, viewport: Viewport, point: Point): Point {
  return {
    x: (point.x - camera.x) * camera.scale + viewport.width / 2,
    y: (point.y - camera.y) * camera.scale + viewport.height / 2,
  }
}

export function toChart(camera: Camera, viewport: Viewport, point: Point): Point {
  return {
    x: (point.x - viewport.width / 2) / camera.scale + camera.x,
    y: (point.y - viewport.height / 2) / camera.scale + camera.y,
  }
}

/** What the viewport shows, and `margin` pixels more on every side. */
export function visibleBox(camera: Camera, viewport: Viewport, margin = 0): Box {
  const across = (viewport.width / 2 + margin) / camera.scale
  const down = (viewport.height / 2 + margin) / camera.scale
  return { left: camera.x - across, top: camera.y - down, right: camera.x + across, bottom: camera.y + down }
}

export function meet(one: Box, other: Box): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top
}

/** All of the box, as large as fits inside the padding (pixels), but never larger than `most`. */
export function fitBox(box: Box, viewport: Viewport, padding: number, most = Number.POSITIVE_INFINITY): Camera {
  const across = Math.max(viewport.width - 2 * padding, 1) / Math.max(box.right - box.left, 1e-6)
  const down = Math.max(viewport.height - 2 * padding, 1) / Math.max(box.bottom - box.top, 1e-6)
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale: Math.min(across, down, most) }
}

/** Zooms by `factor`; the chart point under `at` (screen) stays under it. */
export function zoomAt(camera: Camera, viewport: Viewport, at: Point, factor: number, limits: ScaleLimits): Camera {
  const scale = clamp(camera.scale * factor, limits.min, limits.max)
  const anchor = toChart(camera, viewport, at)
  const kept = camera.scale / scale
  return { x: anchor.x + (camera.x - anchor.x) * kept, y: anchor.y + (camera.y - anchor.y) * kept, scale }
}

/** Moves the picture by so many pixels. */
export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale }
}

/**
 * The nearest camera that keeps the middle of the viewport over the chart and the scale within its limits. A chart that
 * is seen whole (up to the scale `whole`) is in the middle; from twice that scale on any point of it may be. Between, it
 * may move at least so far that zooming from the whole keeps every point under the finger.
 */
export function settle(camera: Camera, bounds: Box, limits: ScaleLimits, whole: number): Camera {
  const scale = clamp(camera.scale, limits.min, limits.max)
  const freedom = clamp(2 * (1 - whole / scale), 0, 1) / 2
  const along = (value: number, from: number, to: number) => {
    const [middle, reach] = [(from + to) / 2, (to - from) * freedom]
    return clamp(value, middle - reach, middle + reach)
  }
  return { x: along(camera.x, bounds.left, bounds.right), y: along(camera.y, bounds.top, bounds.bottom), scale }
}

/** On the way from `a` (t = 0) to `b` (t = 1): zoom in even ratios, and move so that the picture glides evenly. */
export function between(a: Camera, b: Camera, t: number): Camera {
  if (t <= 0) return a
  if (t >= 1) return b
  const ratio = b.scale / a.scale
  const scale = a.scale * ratio ** t
  const moved = Math.abs(ratio - 1) < 1e-6 ? t : (1 / a.scale - 1 / scale) / (1 / a.scale - 1 / b.scale)
  return { x: a.x + (b.x - a.x) * moved, y: a.y + (b.y - a.y) * moved, scale }
}

/** Starts and ends gently. */
export function ease(t: number): number {
  return t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2
}

/** How long the flight takes, in ms: longer ways take longer, none takes long. */
export function flightTime(a: Camera, b: Camera, viewport: Viewport): number {
  const zoomed = Math.abs(Math.log2(b.scale / a.scale))
  const screens = (Math.hypot(b.x - a.x, b.y - a.y) * Math.min(a.scale, b.scale)) / Math.max(viewport.width, 1)
  return clamp(180 + 90 * zoomed + 120 * screens, 180, 620)
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most))
}

/** 0 up to `from`, 1 from `to` on, smooth between. */
export function smoothStep(value: number, from: number, to: number): number {
  const t = clamp((value - from) / (to - from), 0, 1)
  return t * t * (3 - 2 * t)
}
