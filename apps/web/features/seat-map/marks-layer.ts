/**
 * The canvas of the marks. It is only as large as what is marked: a canvas costs a frame by its size, whatever is on it,
 * and a pointer on its way over the map marks one seat after the other.
 */
import { type Box, type Camera, toChart, toScreen, type Viewport } from './camera.ts'
import { Layer, placementOf, type View } from './layer.ts'
import type { MapScene } from './map-scene.ts'
import { type Marks, markReach, paintMarks } from './paint-marks.ts'

/** Edges are at multiples of so many CSS pixels, which are whole canvas pixels at every usual density. */
const GRID_PX = 8

/** Small rather than hidden: when a layer comes or goes, the compositor copies every canvas on the page anew. */
const NOTHING: View = { camera: { x: 0, y: 0, scale: 1 }, viewport: { width: GRID_PX, height: GRID_PX }, dpr: 1 }

export class MarksLayer {
  readonly #layer: Layer<HTMLCanvasElement>
  #camera: Camera | null = null

  constructor(canvas: HTMLCanvasElement) {
    this.#layer = new Layer(canvas)
    this.#begin(NOTHING)
  }

  /** What it shows was painted for this camera. */
  shows(camera: Camera): boolean {
    return this.#camera === camera
  }

  paint(scene: MapScene, marks: Marks, view: View, now: number): void {
    this.#camera = view.camera
    const part = partOf(view, boxOfMarks(scene, marks, view))
    const context = this.#begin(part ?? NOTHING)
    if (part !== null && context !== null) paintMarks(context, scene, marks, placementOf(part), now)
  }

  follow(camera: Camera, viewport: Viewport): void {
    this.#layer.follow(camera, viewport)
  }

  /** An empty canvas of the view's size; null where the browser has none to give. */
  #begin(view: View): CanvasRenderingContext2D | null {
    const canvas = this.#layer.element
    const { viewport, dpr } = view
    const [width, height] = [Math.round(viewport.width * dpr), Math.round(viewport.height * dpr)]
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
      canvas.style.width = `${viewport.width}px`
      canvas.style.height = `${viewport.height}px`
    }
    this.#layer.begin(view)
    const context = canvas.getContext('2d')
    context?.reset()
    return context
  }
}

/** On the screen, in CSS pixels; turned inside out where nothing is marked. */
function boxOfMarks({ geometry, radius }: MapScene, marks: Marks, { camera, viewport }: View): Box {
  const { selection, highlight, hovered, focused, pulses } = marks
  const seats = [...selection, ...highlight, ...pulses.keys()]
  for (const seat of [hovered, focused]) if (seat !== null) seats.push(seat)
  const reach = markReach(radius * camera.scale)
  const { POSITIVE_INFINITY: far } = Number
  const box = { left: far, top: far, right: -far, bottom: -far }
  for (const seat of seats) {
    const { x, y } = toScreen(camera, viewport, { x: geometry.x[seat] ?? 0, y: geometry.y[seat] ?? 0 })
    box.left = Math.min(box.left, x - reach)
    box.top = Math.min(box.top, y - reach)
    box.right = Math.max(box.right, x + reach)
    box.bottom = Math.max(box.bottom, y + reach)
  }
  return box
}

/** The view of the box alone, as far as it is seen; null: nothing of it is. */
export function partOf({ camera, viewport, dpr }: View, box: Box): View | null {
  const down = (value: number) => Math.floor(value / GRID_PX) * GRID_PX
  const up = (value: number) => Math.ceil(value / GRID_PX) * GRID_PX
  const [left, top] = [down(Math.max(box.left, 0)), down(Math.max(box.top, 0))]
  const [right, bottom] = [up(Math.min(box.right, viewport.width)), up(Math.min(box.bottom, viewport.height))]
  if (right <= left || bottom <= top) return null
  const middle = toChart(camera, viewport, { x: (left + right) / 2, y: (top + bottom) / 2 })
  return {
    camera: { ...middle, scale: camera.scale },
    viewport: { width: right - left, height: bottom - top },
    dpr,
  }
}
