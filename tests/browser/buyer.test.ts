import type { Browser, BrowserContext, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'

/** The buyer's way off the straight path: Back, Forward, a reload, a second tab, letting go, signing in half way. */
const STEP_MS_MAX = 30_000

let product: RealProduct
let browser: Browser

beforeAll(async () => {
  product = await startProcesses({ TESSERA_DEMO: '1' }, { with_web: true })
  browser = await launchChromium()
  await demoSold()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

/** Resolves when the demo's own buyers are done: until then they take seats that are offered here. */
async function demoSold(): Promise<void> {
  let before = -1
  const settled = async () => {
    const rows = await product.query<{ sold: number }>(
      "select count(*)::int as sold from booking.bookings where status = 'confirmed'",
    )
    const sold = rows[0]?.sold ?? 0
    const same = sold > 0 && sold === before
    before = sold
    return same
  }
  await vi.waitUntil(settled, { timeout: 120_000, interval: 2_000 })
}

async function visitor(act: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS_MAX)
    await act(page, context)
  } finally {
    await context.close()
  }
}

let seats_path: string | undefined

async function seatsPath(): Promise<string> {
  if (seats_path !== undefined) return seats_path
  const { body } = await product.client.expect<{ items: { title: string; next_performance: { id: string } }[] }>(
    200,
    'GET',
    '/events?limit=100',
  )
  const event = body.items.find((one) => one.title === 'Monsoon Ragas')
  seats_path = `/performances/${event?.next_performance.id}/seats`
  return seats_path
}

/** Finds seats and holds them; resolves on the checkout, to its path. */
async function hold(page: Page): Promise<string> {
  await page.goto(`${product.origin}${await seatsPath()}`)
  await page.getByRole('button', { name: /Find 2 together/ }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(/\/checkout\//)
  await page.getByRole('heading', { name: 'Almost yours' }).waitFor()
  return new URL(page.url()).pathname
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill('meera@example.test')
  await page.getByLabel('First name').fill('Meera')
  await page.getByLabel('Last name').fill('Joshi')
}

const typed = (page: Page): Promise<string> => page.getByLabel('E-mail').inputValue()

async function payWith(page: Page, card: string): Promise<void> {
  await page.getByRole('button', { name: card }).click()
  await page.getByRole('button', { name: /^Pay/ }).click()
}

test('releasing seats and pressing Forward shows that they were released', () =>
  visitor(async (page) => {
    await hold(page)
    await page.goBack()
    await page.getByRole('button', { name: 'Let them go' }).click()
    await page.getByRole('button', { name: 'Let them go' }).waitFor({ state: 'detached' })
    await page.goForward()
    await page.getByRole('heading', { name: 'You let these go.' }).waitFor()
    await page.getByText('Nothing was charged.').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'You let these go.' }).waitFor()
  }))

test('a second tab knows what is on hold, and what was typed outlives a reload and the next order', () =>
  visitor(async (page, context) => {
    const path = await hold(page)
    await fillIn(page)
    await page.reload()
    await expect.poll(() => typed(page)).toBe('meera@example.test')
    const second = await context.newPage()
    await second.goto(`${product.origin}${await seatsPath()}`)
    await second.getByRole('button', { name: 'Let them go' }).click()
    await second.getByRole('button', { name: 'Let them go' }).waitFor({ state: 'detached' })
    // The first tab learns of it when it is shown again.
    await page.bringToFront()
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByRole('heading', { name: 'You let these go.' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(path)
    await hold(page)
    await expect.poll(() => typed(page)).toBe('meera@example.test')
  }))

test('Back from the payment page finds the form as it was, and it can be paid from there', () =>
  visitor(async (page) => {
    await hold(page)
    await fillIn(page)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.waitForURL(/\/pay\//)
    await page.goBack()
    await page.getByRole('heading', { name: 'Almost yours' }).waitFor()
    await expect.poll(() => typed(page)).toBe('meera@example.test')
    const pay = page.getByRole('button', { name: /^Pay/ })
    await expect.poll(() => pay.isEnabled()).toBe(true)
    await pay.click()
    await page.waitForURL(/\/pay\//)
    await payWith(page, '4242 4242 4242 4242')
    await page.waitForURL(/\/orders\//)
    await page.getByRole('heading', { name: /Meera/ }).waitFor()
  }))

test('a paid order answers Back and a second tab with the tickets', () =>
  visitor(async (page, context) => {
    const path = await hold(page)
    await fillIn(page)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.waitForURL(/\/pay\//)
    const second = await context.newPage()
    await second.goto(`${product.origin}${path}`)
    await payWith(page, '4242 4242 4242 4242')
    await page.waitForURL(/\/orders\//)
    await second.bringToFront()
    await second.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await second.waitForURL(/\/orders\//)
  }))

test('signing up on the checkout comes back to it with the hold, and the order is the account’s', () =>
  visitor(async (page) => {
    const path = await hold(page)
    const email = `${crypto.randomUUID()}@example.test`
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Make an account' }).click()
    await page.getByLabel('First name').fill('Meera')
    await page.getByLabel('Last name').fill('Joshi')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('password')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('Password is one of the most common passwords.').waitFor()
    await page.getByText('Look at the marked fields.').waitFor()
    await page.getByLabel('Password').fill('monsoon over the opera')
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.waitForURL((url) => url.pathname === path)
    await page.getByRole('main').getByText(email).waitFor()
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.waitForURL(/\/pay\//)
    await payWith(page, '4242 4242 4242 4242')
    await page.waitForURL(/\/orders\//)
    await page.goto(`${product.origin}/tickets`)
    await page.getByRole('link', { name: 'Monsoon Ragas' }).waitFor()
  }))

test('a session that ended while the checkout was open is said at the payment, not blamed on the order', () =>
  visitor(async (page, context) => {
    await hold(page)
    await fillIn(page)
    await context.clearCookies()
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor()
    expect(await page.getByRole('button', { name: /^Pay/ }).count()).toBe(0)
  }))

test('the tickets that a guest bought are in the account they sign in to', () =>
  visitor(async (page) => {
    await hold(page)
    await fillIn(page)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.waitForURL(/\/pay\//)
    await payWith(page, '4242 4242 4242 4242')
    await page.waitForURL(/\/orders\//)
    const path = new URL(page.url()).pathname
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill('attendee2@demo.test')
    await page.getByLabel('Password').fill('tessera-demo')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL((url) => url.pathname === path)
    await page
      .getByRole('main')
      .getByText(/attendee2@demo.test/)
      .waitFor()
    await page.goto(`${product.origin}/tickets`)
    await page.getByRole('link', { name: 'Monsoon Ragas' }).first().waitFor()
  }))

test('an order whose time ran out says so, and what was charged', () =>
  visitor(async (page) => {
    const path = await hold(page)
    await product.query("update booking.bookings set expires_at = now() - interval '1 second' where booking_id = $1", [
      path.split('/')[2],
    ])
    await page.reload()
    await page.getByRole('heading', { name: 'The time for these ran out.' }).waitFor()
    await page.getByText('Nothing was charged.').waitFor()
  }))
