import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { type HostilePages, hostilePages } from './hostile-words.fixture.ts'

/**
 * No page is wider than its window, whatever people are called and whatever they call things: every page, every script
 * and direction, from the narrowest phone to a desk, and at 200 % and 400 % zoom (which is a window of fewer pixels).
 */
const WINDOWS = [
  { name: '320', width: 320, height: 568 },
  { name: '390', width: 390, height: 844 },
  { name: '768', width: 768, height: 1024 },
  { name: '1024', width: 1024, height: 768 },
  { name: '1440', width: 1440, height: 900 },
  { name: '1280 at 200 %', width: 640, height: 360 },
  { name: '1280 at 400 %', width: 320, height: 180 },
]
const STEP_MS_MAX = 30_000

let product: RealProduct
let browser: Browser
let hostile: HostilePages

beforeAll(async () => {
  product = await startProcesses({}, { with_web: true })
  browser = await launchChromium()
  hostile = await hostilePages(product)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

async function signedIn(): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS_MAX)
  await page.goto(`${product.origin}/sign-in`)
  await page.getByLabel('E-mail').fill(hostile.email)
  await page.getByLabel('Password').fill(hostile.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return page
}

type Overflow = { pixels: number; by: string[] }

/** How many pixels the page is too wide, and by which elements. */
function overflow(page: Page): Promise<Overflow> {
  return page.evaluate(MEASURE)
}

const MEASURE = `(() => {
  const pixels = document.documentElement.scrollWidth - innerWidth
  if (pixels <= 0) return { pixels: 0, by: [] }
  const wide = [...document.querySelectorAll('body *')].filter((one) => {
    const box = one.getBoundingClientRect()
    return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
  })
  return { pixels, by: wide.slice(0, 5).map((one) => one.tagName + ' ' + one.getAttribute('class')) }
})()`

/** Every page in every window: those that are too wide, and how. */
async function tooWide(page: Page, pages: Readonly<Record<string, string>>): Promise<object[]> {
  const found: object[] = []
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(`${product.origin}${path}`)
    await page.locator('h1').first().waitFor({ state: 'attached' })
    if (name.startsWith('seat list')) {
      await page.getByRole('button', { name: 'List' }).click()
      await page.getByRole('grid').waitFor()
    }
    for (const { name: window, ...size } of WINDOWS) {
      await page.setViewportSize(size)
      const { pixels, by } = await overflow(page)
      if (pixels > 0) found.push({ name, window, pixels, by })
    }
  }
  return found
}

test('no page is wider than its window, whatever its words', async () => {
  const page = await signedIn()
  expect(await tooWide(page, hostile.pages)).toEqual([])
}, 600_000)

test('the measure notices a word that cannot be broken', async () => {
  const page = await signedIn()
  const [path = ''] = Object.values(hostile.pages)
  await page.goto(`${product.origin}${path}`)
  await page.addStyleTag({ content: 'body { overflow-wrap: normal !important }' })
  await page.setViewportSize({ width: 320, height: 568 })
  expect((await overflow(page)).pixels).toBeGreaterThan(0)
})
