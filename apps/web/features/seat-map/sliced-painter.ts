/**
 * Paints the scene in slices, a few milliseconds a frame, tile by tile, into a picture behind the one that is seen; when
 * it is whole they change places. Until then the old picture follows the camera. Below both lies the whole room, coarse,
 * for what the old picture does not reach.
 */
import type { Camera, Viewport } from './camera.ts'
import type { View } from './layer.ts'
import { sizeOf, TiledPicture } from './tiled-picture.ts'
import type { Tile } from './tiles.ts'

/** Each step says what it weighed; a seat is 1. */
export type Steps = Generator<number, void, void>
/** Paints what is seen in a tile, in canvas pixels of the whole picture. */
export type PaintTile = (context: CanvasRenderingContext2D, tile: Tile) => Steps

/** A frame with a slice in it takes so long on the main thread, everything counted. */
const FRAME_MS = 12
/** The script of a slice stops after so long, whatever its steps said that they weigh. */
const SLICE_MS = 6
const WEIGHT_MIN = 24
/** So little that a frame stays under 50 ms on a machine that has become four times slower since the last one. */
const WEIGHT_MAX = 1_500
const WEIGHT_FIRST = 200
/** So many canvas pixels weigh as much as a seat when a tile is begun; and when it is handed over. */
const BEGIN_PX = 800
const HAND_OVER_PX = 400

/** No bitmap: the browser had no memory for it, and the room below is seen instead. */
type PaintedTile = { n: number; pixels: number; bitmap: ImageBitmap | null }
/** `painted`: tiles to be handed over. */
type Work = { picture: TiledPicture; steps: Steps; painted: PaintedTile[]; tiles_left: number }

export class SlicedPainter {
  readonly #room: TiledPicture
  #front: TiledPicture
  #back: TiledPicture
  #work: Work | null = null
  #weight = WEIGHT_FIRST
  /** What is painted on; the tiles show copies of it. */
  readonly #easel = document.createElement('canvas')
  readonly #after = new MessageChannel()

  constructor(host: HTMLElement) {
    this.#room = new TiledPicture(host)
    this.#front = new TiledPicture(host)
    this.#back = new TiledPicture(host)
    this.#arrange()
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
  startScene(view: View, paint: PaintTile): void {
    this.#start(this.#back, view, paint)
  }

  startRoom(view: View, paint: PaintTile): void {
    this.#start(this.#room, view, paint)
  }

  /** One slice. True when a new picture is seen from now on. */
  paintSlice(): boolean {
    const work = this.#work
    if (work === null) return false
    if (work.tiles_left === 0) {
      this.#show(work.picture)
      return true
    }
    let left = this.#weight
    const painted = work.painted.shift()
    if (painted !== undefined) {
      // One a frame: how long it takes is seen by nobody before the frame has ended.
      if (painted.bitmap !== null) work.picture.showTile(painted.n, painted.bitmap)
      work.tiles_left -= 1
      left -= painted.pixels / HAND_OVER_PX
    }
    const begun = performance.now()
    if (painted === undefined) this.#after.port2.postMessage(begun)
    while (left > 0 && performance.now() - begun < SLICE_MS) {
      const step = work.steps.next()
      if (step.done === true) return false
      left -= step.value
    }
    return false
  }

  follow(camera: Camera, viewport: Viewport): void {
    for (const picture of [this.#room, this.#back, this.#front]) picture.follow(camera, viewport)
  }

  dispose(): void {
    this.#work = null
    this.#after.port1.close()
    this.#easel.width = 0
    for (const picture of [this.#room, this.#back, this.#front]) picture.dispose()
  }

  #show(picture: TiledPicture): void {
    this.#work = null
    if (picture === this.#room) return
    this.#front.hide()
    ;[this.#front, this.#back] = [this.#back, this.#front]
    this.#arrange()
  }

  #arrange(): void {
    for (const [depth, picture] of [this.#room, this.#back, this.#front].entries()) picture.depth = depth
  }

  #start(picture: TiledPicture, view: View, paint: PaintTile): void {
    const tiles = picture.begin(view)
    const painted: PaintedTile[] = []
    const steps = this.#paintTiles(tiles, paint, painted)
    this.#work = { picture, steps, painted, tiles_left: tiles.length }
  }

  *#paintTiles(tiles: readonly Tile[], paint: PaintTile, painted: PaintedTile[]): Steps {
    for (const [n, tile] of tiles.entries()) {
      const pixels = tile.width * tile.height
      yield pixels / BEGIN_PX
      const context = emptied(this.#easel, tile)
      if (context !== null) yield* paint(context, tile)
      void createImageBitmap(this.#easel)
        .catch(() => null)
        .then((bitmap) => painted.push({ n, pixels, bitmap: context === null ? null : bitmap }))
    }
  }
}

/** The part of the picture that the tile is; null where the browser has no canvas to give. */
function emptied(canvas: HTMLCanvasElement, tile: Tile): CanvasRenderingContext2D | null {
  const [width, height] = sizeOf(tile)
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  const context = canvas.getContext('2d')
  context?.reset()
  context?.translate(-tile.left, -tile.top)
  return context
}
