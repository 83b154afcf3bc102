import type { BrowserContextOptions, Page } from '@playwright/test'
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { buy, type Onsale, putOnSale, register } from '../theatre.ts'
import { signIn, startWeb } from './visitor.ts'

/** What a page does while something that it needs is not there: the network, a piece of its code, the tickets. */
const PHONE = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const

const web = startWeb()
let onsale: Onsale

beforeAll(async () => {
  onsale = await putOnSale(web.product.client, { rows: 10, seats_a_row: 20 })
}, 60_000)

async function visit(options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await web.browser.newContext(options)
  try {
    await act(await context.newPage())
  } finally {
    await context.close()
  }
}

const seatsUrl = (): string => `${web.product.origin}/performances/${onsale.performance_id}/seats`
const SCRIPTS = 'performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).length'

test('a connection lost while choosing takes nothing away; when it is back, one goes on', () =>
  visit(PHONE, async (page) => {
    await page.goto(seatsUrl())
    await page.getByRole('button', { name: 'Find 2 together' }).waitFor()
    const before = await page.evaluate<number>(SCRIPTS)
    // What comes later is loaded once the page is at rest.
    await expect.poll(() => page.evaluate<number>(SCRIPTS), { timeout: 10_000 }).toBeGreaterThan(before)
    await page.getByRole('button', { name: 'Find 2 together' }).click()
    await page.getByRole('heading', { name: '2 tickets' }).waitFor()
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('alert').filter({ hasText: 'connection' }).waitFor()
    await page.getByRole('heading', { name: '2 tickets' }).waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(/\/checkout\//)
  }))

test('a piece of the page that does not load says so in its place, and loads when it is tried again', () =>
  visit(PHONE, async (page) => {
    await page.goto(seatsUrl())
    await page.route('**/*.js', (route) => route.abort())
    await page.getByRole('button', { name: 'List' }).click()
    const failed = page.getByRole('alert').filter({ hasText: 'could not be loaded' })
    await failed.waitFor()
    await page.unroute('**/*.js')
    await failed.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('region', { name: /^List of seats/ }).waitFor()
    expect(await failed.count()).toBe(0)
  }))

test('an order whose tickets are not issued yet says so, and shows them by itself', () =>
  visit(PHONE, async (page) => {
    const person = await register(web.product.client)
    const lock = new pg.Client({ connectionString: web.product.database_url })
    await lock.connect()
    try {
      await lock.query('begin; lock table ticketing.tickets in exclusive mode')
      const wanted = { best_available: { tier_id: onsale.stalls, quantity: 2 } }
      const order = await buy(web.product.client, person.token, onsale.performance_id, wanted)
      await page.goto(`${web.product.origin}/sign-in?next=/orders/${order.id}`)
      await signIn(page, person)
      await page.getByText('Your tickets are on their way').waitFor()
      expect(await page.getByRole('button', { name: 'Cancel order' }).count()).toBe(0)
      await lock.query('commit')
      await page.getByRole('img', { name: /The code of ticket 1 of 2/ }).waitFor()
      await page.getByRole('button', { name: 'Cancel order' }).waitFor()
    } finally {
      await lock.end()
    }
  }))

for (const colorScheme of ['light', 'dark'] as const)
  test(`forced colours keep the words on buttons: ${colorScheme}`, () =>
    visit({ ...PHONE, forcedColors: 'active', colorScheme }, async (page) => {
      await page.goto(seatsUrl())
      const primary = page.getByRole('button', { name: 'Find 2 together' })
      await primary.waitFor()
      expect(await legiblePixels(page, await primary.screenshot())).toBeGreaterThan(100)
    }))

/** Pixels of a picture that stand out from its commonest colour by 4.5 : 1. */
function legiblePixels(page: Page, png: Buffer): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${png.toString('base64')}'
    await image.decode()
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const luminance = (r, g, b) => [[0.2126, r], [0.7152, g], [0.0722, b]].reduce((sum, [weight, channel]) => {
      const share = channel / 255
      return sum + weight * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
    }, 0)
    const counts = new Map()
    const all = []
    for (let at = 0; at < data.length; at += 4) {
      const own = luminance(data[at], data[at + 1], data[at + 2])
      counts.set(own, (counts.get(own) ?? 0) + 1)
      all.push(own)
    }
    const ground = [...counts].sort((a, b) => b[1] - a[1])[0][0]
    return all.filter((own) => (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) >= 4.5).length
  })()`)
}
