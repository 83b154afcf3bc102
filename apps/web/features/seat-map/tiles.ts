/** How a picture is cut into tiles. Kernels: data in, data out. */
import type { Box } from './camera.ts'
import type { View } from './layer.ts'
import type { Placement } from './map-scene.ts'

/** In canvas pixels of the whole picture. */
export type Tile = { left: number; top: number; width: number; height: number }

/** A side has at most so many canvas pixels. */
const TILE_PX_MAX = 576
/** Edges are at multiples of so many CSS pixels, which are whole canvas pixels at every usual density. */
const GRID_PX = 4
/** Neighbours share so many CSS pixels, so that nothing shines through between them when they are scaled. */
const OVERLAP_PX = GRID_PX

/** Row by row. Together they cover the view, and reach beyond it by less than the grid is wide. */
export function tilesOf({ viewport, dpr }: Pick<View, 'viewport' | 'dpr'>): Tile[] {
  const columns = cut(viewport.width, dpr)
  return cut(viewport.height, dpr).flatMap(([top, height]) =>
    columns.map(([left, width]) => ({ left, top, width, height })),
  )
}

/** Start and length of each part of so many CSS pixels. */
function cut(length: number, dpr: number): [number, number][] {
  const cells = Math.max(Math.ceil(length / GRID_PX), 1)
  const cells_max = Math.max(Math.floor((TILE_PX_MAX / dpr - OVERLAP_PX) / GRID_PX), 1)
  const step = Math.ceil(cells / Math.ceil(cells / cells_max))
  const parts = Math.ceil(cells / step)
  const unit = GRID_PX * dpr
  return Array.from({ length: parts }, (_, n) => [
    n * step * unit,
    n === parts - 1 ? (cells - n * step) * unit : step * unit + OVERLAP_PX * dpr,
  ])
}

/** In chart units, `margin` canvas pixels larger on every side. */
export function boxOfTile({ left, top, width, height }: Tile, { scale, dx, dy }: Placement, margin: number): Box {
  return {
    left: (left - margin - dx) / scale,
    top: (top - margin - dy) / scale,
    right: (left + width + margin - dx) / scale,
    bottom: (top + height + margin - dy) / scale,
  }
}
