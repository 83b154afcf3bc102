import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { putOnSale } from '../theatre.ts'
import { FIRST_TILE } from './map-pixels.ts'

/**
 * The frames of the map while it moves, at a quarter of the CPU. A machine that runs tests is busy with other things, so
 * a task counts by the time its thread had the CPU, not by the clock; the throttle's own share is in it and grows when
 * the thread is kept waiting, so that the best of a few passes decides.
 */
const TASK_MS_MAX = 50
const PASSES_MAX = 3
const CPU_RATE = 4
const STEP_MS_MAX = 60_000
/** 21,600 seats in one section: seats are shown at every scale. */
const ROOM = { rows: 120, seats_a_row: 180 }

let product: RealProduct
let browser: Browser
let path: string

beforeAll(async () => {
  product = await startProcesses({}, { with_web: true })
  browser = await launchChromium()
  const { performance_id } = await putOnSale(product.client, ROOM)
  path = `/performances/${performance_id}/seats`
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
  args?: { name?: string; data?: { type?: string } }
}

/** The longest task of the page's main thread from the first turn of the wheel on, in ms of its own time. */
function longestTask(trace: Buffer): number {
  const { traceEvents: events } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }
  const turned = events.find(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'wheel')
  if (turned === undefined) throw new Error('The trace has no wheel that turned')
  const tasks = events.filter(
    ({ ph, pid, tid, ts, dur = 0 }) => ph === 'X' && pid === turned.pid && tid === turned.tid && ts + dur > turned.ts,
  )
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000
}

/** As many turns of the wheel, and steps of the mouse, as a person makes at a time. */
const TURNS = 15

/** In by the wheel, across with the mouse, in again, across, and out. */
async function move(page: Page, turns: number): Promise<void> {
  const box = await page.getByRole('application').boundingBox()
  if (box === null) throw new Error('The map is not shown')
  const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.4]
  const frame = () => page.evaluate('new Promise((done) => requestAnimationFrame(done))')
  const zoom = async (delta: number, times: number) => {
    for (let n = 0; n < times; n++) {
      await page.mouse.wheel(0, delta)
      await frame()
    }
  }
  const drag = async () => {
    await page.mouse.move(x, y)
    await frame()
    await page.mouse.down()
    for (let n = 0; n < turns; n++) {
      await page.mouse.move(x - n * 8, y - n * 3)
      await frame()
    }
    await page.mouse.up()
  }
  await page.mouse.move(x, y)
  await zoom(-120, turns)
  await drag()
  await zoom(-120, turns)
  await drag()
  await zoom(120, 2 * turns)
}

type Screen = { width: number; height: number; density: number }

/** The longest task of one pass, in ms. `meanwhile`: a script that the page runs along. */
async function pass({ width, height, density }: Screen, { turns = TURNS, meanwhile = '' } = {}): Promise<number> {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: density })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS_MAX)
    await page.goto(`${product.origin}${path}`)
    await page.locator(FIRST_TILE).waitFor()
    await page.evaluate('new Promise((done) => requestIdleCallback(done, { timeout: 5_000 }))')
    const cdp = await context.newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE })
    await page.evaluate(meanwhile)
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
    await move(page, turns)
    return longestTask(await browser.stopTracing())
  } finally {
    await context.close()
  }
}

/** What the map must not do: every seat, in every frame. */
const ALL_SEATS_EACH_FRAME = `(() => {
  const context = document.createElement('canvas').getContext('2d')
  context.canvas.width = innerWidth
  context.canvas.height = innerHeight
  context.canvas.style.cssText = 'position:fixed;inset:0;pointer-events:none'
  document.body.append(context.canvas)
  const paint = () => {
    for (let seat = 0; seat < ${ROOM.rows * ROOM.seats_a_row}; seat++) {
      context.beginPath()
      context.arc((seat * 7) % innerWidth, (seat * 3) % innerHeight, 2, 0, 7)
      context.fill()
    }
    requestAnimationFrame(paint)
  }
  paint()
})()`

/** Nor this: a picture as large as the map in one canvas, a new one from time to time. */
const WHOLE_PICTURES = `(() => {
  const host = document.querySelector('[role=application]')
  const paint = () => {
    const context = document.createElement('canvas').getContext('2d')
    context.canvas.width = host.clientWidth * devicePixelRatio
    context.canvas.height = host.clientHeight * devicePixelRatio
    context.canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;opacity:0.01'
    context.fillRect(0, 0, 9, 9)
    host.append(context.canvas)
    setTimeout(() => {
      context.canvas.remove()
      paint()
    }, 150)
  }
  paint()
})()`

const PHONE: Screen = { width: 390, height: 844, density: 2 }
const DESK: Screen = { width: 1_440, height: 900, density: 1 }
const DENSE_DESK: Screen = { ...DESK, density: 2 }

test.each([PHONE, DESK, DENSE_DESK])(
  'moving over 21,600 seats takes no task over 50 ms at a quarter of the CPU: $width px, density $density',
  async (screen) => {
    const longest = [await pass(screen)]
    while (Math.min(...longest) > TASK_MS_MAX && longest.length < PASSES_MAX) longest.push(await pass(screen))
    expect({ longest, is_slow: Math.min(...longest) > TASK_MS_MAX }).toEqual({ longest, is_slow: false })
  },
)

// Every frame of it takes most of a second: two turns have a dozen.
test.each([PHONE, DESK])('painting every seat in every frame is over 50 ms: $width px', async (screen) => {
  expect(await pass(screen, { turns: 2, meanwhile: ALL_SEATS_EACH_FRAME })).toBeGreaterThan(TASK_MS_MAX)
})

// What the map did before it was cut into tiles; its median was 90 ms.
test('handing over a picture of the whole map in one piece is over 50 ms', async () => {
  expect(await pass(DENSE_DESK, { turns: 2, meanwhile: WHOLE_PICTURES })).toBeGreaterThan(TASK_MS_MAX)
})
