/**
 * Seats as picture tiles, like a street map: each tile is painted once for its zoom level (powers of two) and then only
 * copied, so that moving and zooming cost the same for 300 seats and for 80,000. A tile that is missing or out of date
 * is painted a few hundred seats a frame, in sight, so that no frame has to paint a whole one; below it the old picture,
 * or a coarser one stretched, stands in.
 */
import type { Box } from './camera.ts'
import { type MapScene, type Placement } from './map-scene.ts'
import { paintSeats } from './paint-seats.ts'
import { seatsIn } from './seat-index.ts'

/** Canvas pixels. */
const TILE_PX = 512
/** A megabyte each. Twice what a large screen shows. */
const TILES_MAX = 72
const COARSER_LEVELS = 4

type Tile = { canvas: HTMLCanvasElement; is_stale: boolean; used: number; level: number; column: number; row: number }

type Draft = { key: string; canvas: HTMLCanvasElement; seats: readonly number[]; done: number }

export class TileCache {
  readonly #tiles = new Map<string, Tile>()
  /** The tile that is being painted. */
  #draft: Draft | null = null
  #clock = 0

  /** All tiles must be painted anew (theme, filter, prices); the old pictures stand in until then. */
  spoilAll(): void {
    for (const tile of this.#tiles.values()) tile.is_stale = true
    this.#draft = null
  }

  /** Nothing stands in: another chart. */
  clear(): void {
    this.#tiles.clear()
    this.#draft = null
  }

  /** The tiles that show these seats must be painted anew. */
  spoil(scene: MapScene, seats: readonly number[]): void {
    const { x, y } = scene.geometry
    // It may have these seats already.
    this.#draft = null
    for (const tile of this.#tiles.values()) {
      const box = boxOf(tile, 2 * scene.radius)
      const isHit = (seat: number) => {
        const [sx, sy] = [x[seat] ?? 0, y[seat] ?? 0]
        return sx >= box.left && sx <= box.right && sy >= box.top && sy <= box.bottom
      }
      if (!tile.is_stale && seats.some(isHit)) tile.is_stale = true
    }
  }

  /**
   * Paints what `box` shows. True when some tile still waits for a later frame. `budget`: seats that may be painted anew in
   * this frame; painting does its work when a canvas is next copied, so that time measured here would say nothing.
   */
  paint(context: CanvasRenderingContext2D, scene: MapScene, place: Placement, box: Box, budget: number): boolean {
    this.#clock += 1
    const level = Math.round(Math.log2(place.scale))
    const wanted = this.#tilesIn(level, box)
    if (this.#draft !== null && !wanted.some((spot) => keyOf(spot) === this.#draft?.key)) this.#draft = null
    let left = budget
    let isWaiting = false
    for (const spot of wanted) {
      const key = keyOf(spot)
      let tile = this.#tiles.get(key)
      if ((tile === undefined || tile.is_stale) && left > 0 && (this.#draft === null || this.#draft.key === key)) {
        left -= this.#continue(scene, spot, place.dpr, left)
        tile = this.#tiles.get(key)
      }
      if (tile === undefined) this.#standIn(context, spot, place)
      else {
        tile.used = this.#clock
        copy(context, tile.canvas, tile, place, 0, 0, TILE_PX)
      }
      if (this.#draft?.key === key) copy(context, this.#draft.canvas, spot, place, 0, 0, TILE_PX)
      isWaiting ||= tile === undefined || tile.is_stale
    }
    this.#forget()
    return isWaiting
  }

  /** Paints up to `most` seats of a tile, from where it was left; the whole one takes its place. How many it painted. */
  #continue(scene: MapScene, spot: Spot, dpr: number, most: number): number {
    const key = keyOf(spot)
    this.#draft ??= newDraft(scene, spot)
    const draft = this.#draft
    const seats = draft.seats.slice(draft.done, draft.done + most)
    const place = { scale: 2 ** spot.level, dx: -spot.column * TILE_PX, dy: -spot.row * TILE_PX, dpr }
    const context = draft.canvas.getContext('2d')
    if (context !== null && seats.length > 0) paintSeats(context, scene, seats, place)
    draft.done += seats.length
    if (draft.done < draft.seats.length) return most
    this.#tiles.set(key, { canvas: draft.canvas, is_stale: false, used: this.#clock, ...spot })
    this.#draft = null
    return seats.length
  }

  /** Nearest to the middle first: that is where people look. */
  #tilesIn(level: number, box: Box): Spot[] {
    const size = TILE_PX / 2 ** level
    const spots: Spot[] = []
    for (let row = Math.floor(box.top / size); row <= Math.floor(box.bottom / size); row += 1) {
      for (let column = Math.floor(box.left / size); column <= Math.floor(box.right / size); column += 1) {
        spots.push({ level, column, row })
      }
    }
    const middle = { column: (box.left + box.right) / 2 / size - 0.5, row: (box.top + box.bottom) / 2 / size - 0.5 }
    const off = (spot: Spot) => Math.hypot(spot.column - middle.column, spot.row - middle.row)
    return spots.sort((a, b) => off(a) - off(b))
  }

  #standIn(context: CanvasRenderingContext2D, spot: Spot, place: Placement): void {
    for (let up = 1; up <= COARSER_LEVELS; up += 1) {
      const parts = 2 ** up
      const parent = {
        level: spot.level - up,
        column: Math.floor(spot.column / parts),
        row: Math.floor(spot.row / parts),
      }
      const tile = this.#tiles.get(keyOf(parent))
      if (tile === undefined) continue
      const size = TILE_PX / parts
      copy(
        context,
        tile.canvas,
        spot,
        place,
        (spot.column - parent.column * parts) * size,
        (spot.row - parent.row * parts) * size,
        size,
      )
      return
    }
  }

  #forget(): void {
    if (this.#tiles.size <= TILES_MAX) return
    const byAge = [...this.#tiles.entries()].sort(([, a], [, b]) => a.used - b.used)
    for (const [key, tile] of byAge.slice(0, this.#tiles.size - TILES_MAX)) {
      // Safari frees a canvas' memory only when it is small.
      tile.canvas.width = 0
      this.#tiles.delete(key)
    }
  }
}

function newDraft(scene: MapScene, spot: Spot): Draft {
  const canvas = document.createElement('canvas')
  canvas.width = TILE_PX
  canvas.height = TILE_PX
  return { key: keyOf(spot), canvas, seats: seatsIn(scene.index, boxOf(spot, scene.radius * 1.2)), done: 0 }
}

type Spot = { level: number; column: number; row: number }

function keyOf({ level, column, row }: Spot): string {
  return `${level}:${column}:${row}`
}

function boxOf({ level, column, row }: Spot, margin: number): Box {
  const size = TILE_PX / 2 ** level
  return {
    left: column * size - margin,
    top: row * size - margin,
    right: (column + 1) * size + margin,
    bottom: (row + 1) * size + margin,
  }
}

/** To whole pixels on both sides, so that neighbours leave no seam. */
function copy(
  context: CanvasRenderingContext2D,
  picture: HTMLCanvasElement,
  { level, column, row }: Spot,
  { scale, dx, dy }: Placement,
  fromX: number,
  fromY: number,
  fromSize: number,
): void {
  const size = (TILE_PX / 2 ** level) * scale
  const left = Math.round(column * size + dx)
  const top = Math.round(row * size + dy)
  const right = Math.round((column + 1) * size + dx)
  const bottom = Math.round((row + 1) * size + dy)
  context.drawImage(picture, fromX, fromY, fromSize, fromSize, left, top, right - left, bottom - top)
}
