/** What was painted for one view, moved and scaled to where the camera is now. */
import type { Camera, Viewport } from './camera.ts'
import type { Placement } from './map-scene.ts'

/** What a picture is painted for. */
export type View = { camera: Camera; viewport: Viewport; dpr: number }

export class Layer<Shown extends HTMLElement = HTMLElement> {
  readonly element: Shown
  #view: View | null = null

  constructor(element: Shown) {
    this.element = element
    element.style.transformOrigin = '0 0'
    element.style.willChange = 'transform'
  }

  /** What it was last painted for; null: never yet. */
  get view(): View | null {
    return this.#view
  }

  /** It is painted for this view from now on. */
  begin(view: View): void {
    this.#view = view
  }

  /** Costs no painting: the compositor moves and scales the picture. */
  follow(camera: Camera, viewport: Viewport): void {
    if (this.#view === null) return
    const { camera: own, viewport: size } = this.#view
    const zoom = camera.scale / own.scale
    const x = viewport.width / 2 + (own.x - camera.x) * camera.scale - (zoom * size.width) / 2
    const y = viewport.height / 2 + (own.y - camera.y) * camera.scale - (zoom * size.height) / 2
    const transform = isSame(own, camera) && size === viewport ? 'none' : `matrix(${zoom}, 0, 0, ${zoom}, ${x}, ${y})`
    if (this.element.style.transform !== transform) this.element.style.transform = transform
  }

  shows(camera: Camera): boolean {
    return this.#view !== null && isSame(this.#view.camera, camera)
  }
}

function isSame(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.scale === b.scale
}

/** Chart units to the canvas' own pixels. */
export function placementOf({ camera, viewport, dpr }: View): Placement {
  const scale = camera.scale * dpr
  return {
    scale,
    dx: (viewport.width / 2) * dpr - camera.x * scale,
    dy: (viewport.height / 2) * dpr - camera.y * scale,
    dpr,
  }
}
