/**
 * Paints the scene in slices, a few milliseconds a frame, into a canvas behind the one that is seen; when the picture is
 * whole they change places. Until then the old picture follows the camera. Below both lies the whole room, coarse, for
 * what the old picture does not reach.
 */
import type { Camera, Viewport } from './camera.ts'
import { Layer, type View } from './layer.ts'

/** Each step says what it weighed; a seat is 1. */
export type Steps = Generator<number, void, void>
export type PaintSteps = (context: CanvasRenderingContext2D, view: View) => Steps

/** A frame with a slice in it takes so long on the main thread, everything counted. */
const FRAME_MS = 12
/** The script of a slice stops after so long, whatever its steps said that they weigh. */
const SLICE_MS = 6
const WEIGHT_MIN = 24
const WEIGHT_MAX = 20_000
const WEIGHT_FIRST = 200

export class SlicedPainter {
  readonly #room: Layer
  #front: Layer
  #back: Layer
  #work: { layer: Layer; steps: Steps; is_whole: boolean } | null = null
  #weight = WEIGHT_FIRST
  readonly #after = new MessageChannel()

  constructor(host: HTMLElement) {
    const layer = () => {
      const canvas = document.createElement('canvas')
      canvas.style.cssText = 'position:absolute;top:0;left:0;display:none'
      host.append(canvas)
      return new Layer(canvas)
    }
    this.#room = layer()
    this.#front = layer()
    this.#back = layer()
    // A message comes after the frame was handed over, so this is the whole of it: a canvas may paint after the script.
    this.#after.port1.onmessage = ({ data: begun }: MessageEvent<number>) => {
      const took = Math.max(performance.now() - begun, 0.1)
      const next = this.#weight * Math.min(Math.max(FRAME_MS / took, 0.4), 1.3)
      this.#weight = Math.min(Math.max(next, WEIGHT_MIN), WEIGHT_MAX)
    }
  }

  get isBusy(): boolean {
    return this.#work !== null
  }

  /** What is seen was painted for just this camera and size. */
  isSharp(camera: Camera, viewport: Viewport): boolean {
    return this.#front.shows(camera) && this.#front.view?.viewport === viewport
  }

  /** Whatever was being painted is given up. */
  startScene(view: View, paint: PaintSteps): void {
    this.#start(this.#back, view, paint)
  }

  startRoom(view: View, paint: PaintSteps): void {
    this.#start(this.#room, view, paint)
  }

  /**
   * One slice. True when a new picture is seen from now on: handing one to the compositor takes as long as a slice, so it
   * has a frame of its own.
   */
  paintSlice(): boolean {
    const work = this.#work
    if (work === null) return false
    if (work.is_whole) {
      this.#show(work.layer)
      return true
    }
    const begun = performance.now()
    this.#after.port2.postMessage(begun)
    let left = this.#weight
    while (left > 0 && performance.now() - begun < SLICE_MS) {
      const step = work.steps.next()
      if (step.done === true) {
        work.is_whole = true
        return false
      }
      left -= step.value
    }
    return false
  }

  follow(camera: Camera, viewport: Viewport): void {
    this.#room.follow(camera, viewport)
    this.#front.follow(camera, viewport)
  }

  dispose(): void {
    this.#after.port1.close()
    for (const { canvas } of [this.#room, this.#front, this.#back]) {
      // Safari frees a canvas' memory only when it is small.
      canvas.width = 0
      canvas.remove()
    }
  }

  #show(layer: Layer): void {
    this.#work = null
    layer.canvas.style.display = 'block'
    if (layer === this.#room) return
    this.#front.canvas.style.display = 'none'
    ;[this.#front, this.#back] = [this.#back, this.#front]
  }

  #start(layer: Layer, view: View, paint: PaintSteps): void {
    this.#work = null
    // Not laid out, it is not handed to the compositor after each slice.
    layer.canvas.style.display = 'none'
    const context = layer.begin(view)
    if (context !== null) this.#work = { layer, steps: paint(context, view), is_whole: false }
  }
}
