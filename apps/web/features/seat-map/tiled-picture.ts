/**
 * A picture of the scene in tiles. What is painted is copied for the compositor in one piece, which takes as long as it is
 * large: a tile is small enough for any frame. Tiles show bitmaps, which are copied once: a canvas that is painted on is
 * copied again with every frame in which anything moves.
 */
import type { Camera, Viewport } from './camera.ts'
import { Layer, type View } from './layer.ts'
import { type Tile, tilesOf } from './tiles.ts'

export class TiledPicture {
  readonly #layer: Layer
  #canvases: HTMLCanvasElement[] = []

  constructor(host: HTMLElement) {
    const element = document.createElement('div')
    element.style.cssText = 'position:absolute;top:0;left:0'
    host.append(element)
    this.#layer = new Layer(element)
  }

  get view(): View | null {
    return this.#layer.view
  }

  /** Where it lies among the pictures of its host. */
  set depth(depth: number) {
    this.#layer.element.style.zIndex = String(depth)
  }

  /** Shows nothing until its tiles come. */
  begin(view: View): Tile[] {
    this.hide()
    this.#layer.begin(view)
    const tiles = tilesOf(view)
    this.#canvases.splice(tiles.length).forEach(discard)
    tiles.forEach((tile, n) => this.#layOut(n, tile, view.dpr))
    return tiles
  }

  /** Hands the tile to the compositor. `bitmap` cannot be used afterwards. */
  showTile(n: number, bitmap: ImageBitmap): void {
    const canvas = this.#canvases[n]
    if (canvas === undefined) return
    canvas.getContext('bitmaprenderer', { alpha: false })?.transferFromImageBitmap(bitmap)
    canvas.style.display = 'block'
  }

  hide(): void {
    for (const canvas of this.#canvases) canvas.style.display = 'none'
  }

  follow(camera: Camera, viewport: Viewport): void {
    this.#layer.follow(camera, viewport)
  }

  shows(camera: Camera): boolean {
    return this.#layer.shows(camera)
  }

  dispose(): void {
    this.#canvases.forEach(discard)
    this.#layer.element.remove()
  }

  #layOut(n: number, { left, top, width, height }: Tile, dpr: number): void {
    let canvas = this.#canvases[n]
    if (canvas === undefined) {
      canvas = document.createElement('canvas')
      this.#canvases.push(canvas)
      this.#layer.element.append(canvas)
    }
    const [across, down] = sizeOf({ width, height })
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across
      canvas.height = down
    }
    canvas.style.cssText = `position:absolute;display:none;left:${left / dpr}px;top:${top / dpr}px;width:${across / dpr}px;height:${down / dpr}px`
  }
}

/** Of a canvas that holds the tile. */
export function sizeOf({ width, height }: Pick<Tile, 'width' | 'height'>): [number, number] {
  return [Math.ceil(width), Math.ceil(height)]
}

/** Safari frees a canvas' memory only when it is small. */
function discard(canvas: HTMLCanvasElement): void {
  canvas.width = 0
  canvas.remove()
}
