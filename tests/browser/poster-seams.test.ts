import type { Browser } from '@playwright/test'
import { poster } from '@tessera/contracts/poster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { mosaicSvg } from '../../apps/web/features/poster/mosaic.ts'

/** Sizes that posters have in pages, none a multiple of the tiles: their borders fall between pixels. */
const WIDTHS_PX = [466.66, 333.4, 205.7] as const
const POSTERS = [
  ['Monsoon Ragas', 'classical'],
  ['Femi & the Tides', 'jazz'],
  ['Late Show: Ada Bright', 'comedy'],
  ['Small Machines', 'film'],
  ['The Seagull', 'theatre'],
] as const

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/**
 * In the page, of the picture in `img`: the longest run of pixels along a border of tiles that are of another colour than
 * the ground on both sides of them; away from the corners, where arcs come to a point.
 */
const LONGEST_SEAM = `((ground, tile_px, left, top) => {
  const img = document.querySelector('img')
  const canvas = document.createElement('canvas')
  canvas.width = img.naturalWidth
  canvas.height = img.naturalHeight
  const context = canvas.getContext('2d')
  context.drawImage(img, 0, 0)
  const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height)
  const off = (x, y) => Math.max(...[0, 1, 2].map((n) => Math.abs(data[(y * width + x) * 4 + n] - ground[n])))
  const isStray = (x, y, dx, dy) => off(x, y) > 6 && !off(x - dx, y - dy) && !off(x + dx, y + dy)
  const isInside = (along) => Math.abs(((along / tile_px) % 1) - 0.5) < 0.2
  let longest = 0
  for (const is_row of [true, false])
    for (let border = 1; border < (is_row ? 5 : 4); border += 1)
      for (const across of [-1, 0, 1])
        for (let along = 0, run = 0; along < tile_px * (is_row ? 4 : 5); along += 1) {
          const x = Math.floor(left + (is_row ? along : border * tile_px + across))
          const y = Math.floor(top + (is_row ? border * tile_px + across : along))
          run = isInside(along) && isStray(x, y, is_row ? 0 : 3, is_row ? 3 : 0) ? run + 1 : 0
          longest = Math.max(longest, run)
        }
  return longest
})`
/** Where an arc ends on a border, its edge is softened for this many pixels at most. */
const RUN_PX_MAX = 3

async function longestSeam(svg: string, width_px: number, ground: string): Promise<number> {
  await using context = await browser.newContext({ viewport: { width: 700, height: 700 }, deviceScaleFactor: 1 })
  const page = await context.newPage()
  const [left, top] = [8.4, 5.7]
  const height_px = width_px * 1.25
  await page.setContent(
    `<body style="margin:0;background:#111"><div style="position:absolute;left:${left}px;top:${top}px;width:${width_px}px;height:${height_px}px">${svg.replace('<svg', '<svg style="display:block;width:100%;height:100%"')}</div>`,
  )
  const png = await page.screenshot()
  await page.setContent(`<img src="data:image/png;base64,${png.toString('base64')}">`)
  await page.evaluate('document.querySelector("img").decode()')
  const rgb = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16))
  return await page.evaluate<number>(`${LONGEST_SEAM}(${JSON.stringify(rgb)}, ${width_px / 4}, ${left}, ${top})`)
}

test('no line shows along the borders of tiles, at whatever size', async () => {
  for (const [title, genre] of POSTERS) {
    const svg = mosaicSvg(title, genre, 0.8)
    const { background } = poster({ title, genre })
    for (const width_px of WIDTHS_PX) {
      const run_px = await longestSeam(svg, width_px, background)
      expect(run_px, `${title} at ${width_px} px`).toBeLessThanOrEqual(RUN_PX_MAX)
    }
  }
}, 60_000)

test('a tile in the colour of the ground over a light one would show such lines', async () => {
  const square = (x: number, fill: string) =>
    `<path fill="${fill}" stroke="${fill}" stroke-width="1" vector-effect="non-scaling-stroke" d="M${x},100H${x + 100}V200H${x}Z"/>`
  const tiles = ['#f4ecd8', '#0f3d3e'].map((fill) => square(100, fill)).join('')
  const svg = `<svg viewBox="0 0 400 500"><rect width="400" height="500" fill="#0f3d3e"/>${tiles}</svg>`
  expect(await longestSeam(svg, 466.66, '#0f3d3e')).toBeGreaterThan(20)
})
