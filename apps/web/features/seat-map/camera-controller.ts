import {
  type Box,
  between,
  type Camera,
  clamp,
  ease,
  fitBox,
  flightTime,
  type Point,
  panBy,
  type ScaleLimits,
  settle,
  type Viewport,
  visibleBox,
  zoomAt,
} from './camera.ts'
import { type GestureAct, GLIDE_END, glide } from './gesture.ts'

/** Seats grow to this many pixels of pitch at most, and a small room is not blown up beyond the second. */
const PITCH_PX_MAX = 68
const PITCH_PX_FIT = 36
/** From so many times its whole size on, a room is not seen whole any more. */
const ZOOMED_FROM = 1.3
/** The buttons in the corner (see `MapControls`), with the space around them: the whole room leaves them free. */
const CONTROLS_PX = { width: 160, height: 68 }

/**
 * Flies the camera. Still: nothing moves. In hand: gestures move it directly. Gliding: let go in motion, it slows down.
 * Flying: on its way to a place somebody asked for. Any touch ends gliding and flying at once.
 */
export class CameraController {
  #camera: Camera = { x: 0, y: 0, scale: 1 }
  #viewport: Viewport = { width: 1, height: 1 }
  #bounds: Box = { left: 0, top: 0, right: 1, bottom: 1 }
  #pitch = 1
  #home: Camera = { x: 0, y: 0, scale: 1 }
  #flight: { from: Camera; to: Camera; start: number; time: number } | null = null
  #glide: { vx: number; vy: number; at: number } | null = null
  #isStill = false

  get camera(): Camera {
    return this.#camera
  }

  get viewport(): Viewport {
    return this.#viewport
  }

  get home(): Camera {
    return this.#home
  }

  get isZoomed(): boolean {
    return this.#camera.scale > this.#home.scale * ZOOMED_FROM
  }

  get isMoving(): boolean {
    return this.#flight !== null || this.#glide !== null
  }

  get pitchPx(): number {
    return this.#pitch * this.#camera.scale
  }

  /** Reduced motion: flights arrive at once, nothing glides. */
  set isStill(isStill: boolean) {
    this.#isStill = isStill
  }

  chart(bounds: Box, pitch: number): void {
    this.#bounds = bounds
    this.#pitch = pitch
    this.#open()
  }

  /** A room opens whole. */
  #open(): void {
    this.#land()
    const home = this.#fitted(this.#bounds)
    this.#home = { ...home, scale: Math.min(home.scale, this.#scaleBesideControls()) }
    this.#camera = this.#home
  }

  /** The largest scale at which the room, in the middle, stays clear of the controls: above them or beside them. */
  #scaleBesideControls(): number {
    const { left, top, right, bottom } = this.#bounds
    const { width, height } = this.#viewport
    return Math.max(
      (height - 2 * CONTROLS_PX.height) / (bottom - top),
      (width - 2 * CONTROLS_PX.width) / (right - left),
    )
  }

  /** Keeps the middle where it is; a view that nobody has moved yet opens anew. */
  resize(viewport: Viewport): void {
    const { camera } = this
    const isUntouched = camera === this.#home
    this.#viewport = viewport
    this.#open()
    if (!isUntouched) this.#camera = this.#settled(camera)
  }

  /** True when the picture changed. */
  act(act: GestureAct, now: number): boolean {
    if (act.kind === 'grab') {
      this.#land()
      return false
    }
    if (act.kind === 'pan') this.#set(panBy(this.#camera, act.dx, act.dy))
    if (act.kind === 'zoom') this.#set(zoomAt(this.#camera, this.#viewport, act.at, act.factor, this.#limits()))
    if (act.kind === 'release' && !this.#isStill && Math.hypot(act.vx, act.vy) > 0.15) {
      this.#glide = { vx: clamp(act.vx, -4, 4), vy: clamp(act.vy, -4, 4), at: now }
    }
    return act.kind !== 'tap'
  }

  zoom(at: Point, factor: number): void {
    this.#land()
    this.#set(zoomAt(this.#camera, this.#viewport, at, factor, this.#limits()))
  }

  /** By a button or a key: from the middle, in a short flight. */
  zoomStep(
    factor: number,
    now: number,
    at: Point = { x: this.#viewport.width / 2, y: this.#viewport.height / 2 },
  ): void {
    const from = this.#flight?.to ?? this.#camera
    this.#fly(zoomAt(from, this.#viewport, at, factor, this.#limits()), now)
  }

  goHome(now: number): void {
    this.#fly(this.#home, now)
  }

  /** Shows the box with room around it, its seats no smaller than `pitchPx`. */
  show(box: Box, now: number, pitchPx = 0): void {
    const target = this.#fitted(box, 0.14)
    const scale = clamp(Math.max(target.scale, pitchPx / this.#pitch), this.#limits().min, this.#limits().max)
    this.#fly({ ...target, scale }, now)
  }

  /** The least movement that brings a point well into view, its seats no smaller than `pitchPx`. */
  reveal(point: Point, pitchPx: number, now: number): void {
    const from = this.#flight?.to ?? this.#camera
    if (this.#pitch * from.scale < pitchPx * 0.6) {
      this.#fly({ ...point, scale: Math.min(pitchPx / this.#pitch, this.#limits().max) }, now)
      return
    }
    const seen = visibleBox(from, this.#viewport, -Math.min(90, this.#viewport.width / 5, this.#viewport.height / 5))
    const x = from.x + Math.min(point.x - seen.left, 0) + Math.max(point.x - seen.right, 0)
    const y = from.y + Math.min(point.y - seen.top, 0) + Math.max(point.y - seen.bottom, 0)
    if (x !== from.x || y !== from.y) this.#fly({ x, y, scale: from.scale }, now)
  }

  /** At once: the minimap is dragged. */
  moveTo(point: Point): void {
    this.#land()
    this.#set({ ...this.#camera, ...point })
  }

  /** One step of whatever is in motion. */
  tick(now: number): void {
    if (this.#flight !== null) {
      const { from, to, start, time } = this.#flight
      const t = (now - start) / time
      this.#camera = t >= 1 ? to : between(from, to, ease(clamp(t, 0, 1)))
      if (t >= 1) this.#flight = null
    } else if (this.#glide !== null) {
      const step = glide(this.#glide.vx, this.#glide.vy, clamp(now - this.#glide.at, 0, 64))
      this.#set(panBy(this.#camera, step.dx, step.dy))
      this.#glide = Math.hypot(step.vx, step.vy) < GLIDE_END ? null : { vx: step.vx, vy: step.vy, at: now }
    }
  }

  #fly(wanted: Camera, now: number): void {
    const to = this.#settled(wanted)
    this.#glide = null
    if (this.#isStill) {
      this.#camera = to
      return
    }
    this.#flight = { from: this.#camera, to, start: now, time: flightTime(this.#camera, to, this.#viewport) }
  }

  #land(): void {
    this.#flight = null
    this.#glide = null
  }

  #set(camera: Camera): void {
    this.#camera = this.#settled(camera)
  }

  #settled(camera: Camera): Camera {
    // Home stays the very same object, by which a view that nobody has moved is known.
    return camera === this.#home ? camera : settle(camera, this.#bounds, this.#limits(), this.#home.scale)
  }

  #limits(): ScaleLimits {
    const min = this.#home.scale * 0.8
    return { min, max: Math.max(PITCH_PX_MAX / this.#pitch, min) }
  }

  #fitted(box: Box, share = 0.045): Camera {
    const padding = 12 + share * Math.min(this.#viewport.width, this.#viewport.height)
    return fitBox(box, this.#viewport, padding, PITCH_PX_FIT / this.#pitch)
  }
}
