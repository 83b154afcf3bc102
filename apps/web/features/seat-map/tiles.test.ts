import { expect, test } from 'vitest'
import { placementOf } from './layer.ts'
import { boxOfTile, type Tile, tilesOf } from './tiles.ts'

const SIDE_PX_MAX = 576
const DENSITIES = [0.73, 1, 1.25, 1.5, 1.75, 2]
const VIEWPORTS = [
  { width: 390, height: 587 },
  { width: 1_060, height: 828 },
  { width: 1_060.66, height: 828.5 },
  { width: 2_560, height: 1_300 },
  { width: 1, height: 1 },
]

function holds(tiles: readonly Tile[], x: number, y: number): boolean {
  return tiles.some(({ left, top, width, height }) => x >= left && y >= top && x <= left + width && y <= top + height)
}

test.each(DENSITIES)('tiles cover every view at density %d, none is large, and neighbours overlap', (dpr) => {
  for (const viewport of VIEWPORTS) {
    const tiles = tilesOf({ viewport, dpr })
    const [across, down] = [viewport.width * dpr, viewport.height * dpr]
    for (let x = 0; x <= 20; x += 1)
      for (let y = 0; y <= 20; y += 1) expect(holds(tiles, (x / 20) * across, (y / 20) * down)).toBe(true)
    for (const { left, top, width, height } of tiles) {
      expect(Math.max(width, height)).toBeLessThanOrEqual(SIDE_PX_MAX)
      expect(Math.min(width, height)).toBeGreaterThan(0)
      if (left > 0)
        expect(
          holds(
            tiles.filter((other) => other.left < left),
            left + 1,
            top,
          ),
        ).toBe(true)
      if (top > 0)
        expect(
          holds(
            tiles.filter((other) => other.top < top),
            left,
            top + 1,
          ),
        ).toBe(true)
    }
    // Negative control: without its first tile a view has a hole.
    expect(holds(tiles.slice(1), 0, 0)).toBe(false)
  }
})

test('at usual densities the edges of tiles are whole canvas pixels', () => {
  for (const dpr of DENSITIES.slice(1))
    for (const viewport of VIEWPORTS)
      for (const edges of tilesOf({ viewport, dpr })) expect(Object.values(edges).every(Number.isInteger)).toBe(true)
})

test('the box of a tile is the part of the chart that it shows', () => {
  const view = { camera: { x: 70, y: -20, scale: 1.7 }, viewport: { width: 390, height: 700 }, dpr: 2 }
  const place = placementOf(view)
  const tile = { left: 100, top: 40, width: 200, height: 300 }
  const box = boxOfTile(tile, place, 10)
  expect(box.left * place.scale + place.dx).toBeCloseTo(90)
  expect(box.top * place.scale + place.dy).toBeCloseTo(30)
  expect(box.right * place.scale + place.dx).toBeCloseTo(310)
  expect(box.bottom * place.scale + place.dy).toBeCloseTo(350)
})
