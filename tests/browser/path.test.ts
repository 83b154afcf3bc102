import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { expectSound } from './sound.ts'

/**
 * The whole path as a person walks it, in a real browser, on a phone and on a desk: find an event, choose seats on the
 * map, pay on the checkout page (refused once), get the ticket, be let in at the door, be refused the second time. Every
 * page on the way is without an accessibility violation that axe can find, in light and dark, and without an error in the
 * console.
 */
const SIZES = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desktop', width: 1440, height: 900 },
] as const
const STEP_MS_MAX = 30_000

let product: RealProduct
let browser: Browser

beforeAll(async () => {
  product = await startProcesses({ TESSERA_DEMO: '1' }, { with_web: true })
  browser = await launchChromium()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

type Visitor = { page: Page; complaints: string[]; [Symbol.asyncDispose](): Promise<void> }

async function visitor(size: (typeof SIZES)[number]): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: size,
    reducedMotion: 'reduce',
    hasTouch: size.name === 'phone',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS_MAX)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refusal is an answer too: the browser logs its status, which is no fault of the page. Nobody here is asked for a
    // session that they do not have, though: 401 would be one.
    if (message.type() === 'error' && !/status of 4(?!01)/.test(message.text())) complaints.push(message.text())
  })
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** From the front page to a paid order; resolves to the codes of its tickets. */
async function buy(page: Page): Promise<{ codes: string[]; performance_id: string }> {
  await page.goto(product.origin)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectSound(page, 'discover')
  await page
    .getByRole('link', { name: /Monsoon Ragas/ })
    .first()
    .click()
  await page.waitForURL(/\/events\//)
  await page.getByRole('heading', { name: 'Monsoon Ragas' }).first().waitFor()
  await expectSound(page, 'event')
  await page
    .getByRole('link', { name: /Choose seats/ })
    .locator('visible=true')
    .first()
    .click()
  await page.waitForURL(/\/performances\/perf_[a-z0-9]+\/seats/)
  const performance_id = /perf_[a-z0-9]+/.exec(page.url())?.[0] ?? ''
  await page.getByRole('button', { name: /Find 2 together/ }).click()
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  await expectSound(page, 'seats')
  await page.getByRole('button', { name: 'Continue' }).click()

  await page.waitForURL(/\/checkout\//)
  await page.getByLabel('E-mail').fill('meera@example.test')
  await page.getByLabel('First name').fill('Meera')
  await page.getByLabel('Last name').fill('Joshi')
  await expectSound(page, 'checkout')
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page.waitForURL(/\/pay\//)
  await page.goBack()
  await page.getByText('Not paid yet. Nothing has been charged so far').waitFor()
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page.waitForURL(/\/pay\//)
  await page.getByRole('button', { name: '4000 0000 0000 0002' }).click()
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page
    .getByText(/declined/i)
    .first()
    .waitFor()
  await page.getByRole('button', { name: '4242 4242 4242 4242' }).click()
  await page.getByRole('button', { name: /^Pay/ }).click()

  await page.waitForURL(/\/orders\//)
  await page.getByRole('heading', { name: /Meera/ }).waitFor()
  await page.locator('img[src*="qr.svg"], svg[aria-label="Ticket code"]').first().waitFor()
  await expectSound(page, 'order')
  const booking_id = /bk_[a-z0-9]+/.exec(page.url())?.[0] ?? ''
  const read = async (path: string): Promise<unknown> => {
    const answer = await page.request.get(`${product.origin}/api/v1${path}`)
    return answer.json()
  }
  const booking = (await read(`/bookings/${booking_id}`)) as { tickets: { id: string }[] }
  const tickets = await Promise.all(booking.tickets.map(({ id }) => read(`/tickets/${id}`)))
  const codes = tickets.map((ticket) => (ticket as { code: string }).code)
  return { codes, performance_id }
}

/** A code of the right shape that nobody has signed. */
const foreign = (code: string): string => code.replace(/\.[A-Z2-7]{20}(?=[A-Z2-7]*$)/, `.${'A'.repeat(20)}`)

async function scan(page: Page, code: string): Promise<string> {
  await page.getByRole('button', { name: 'Type a code' }).click()
  await page.getByLabel('Code under the square').fill(code)
  await page.getByRole('button', { name: 'Check it' }).click()
  const answer = page.getByText(/^(Welcome|Already in|Not ours|Not valid|Not typed whole|Another night)$/)
  await answer.waitFor()
  return (await answer.textContent()) ?? ''
}

for (const size of SIZES) {
  test(`${size.name}: from the front page to the door, and refused the second time`, async () => {
    await using buyer = await visitor(size)
    const { codes, performance_id } = await buy(buyer.page)
    expect(codes).toHaveLength(2)
    expect(buyer.complaints).toEqual([])

    await using door = await visitor(size)
    await door.page.goto(`${product.origin}/sign-in`)
    await door.page.getByLabel('E-mail').fill('door@demo.test')
    await door.page.getByLabel('Password').fill('tessera-demo')
    await expectSound(door.page, 'sign-in')
    await door.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await door.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await door.page.goto(`${product.origin}/door/${performance_id}`)
    await door.page.getByRole('button', { name: 'Start scanning' }).click()
    expect(await scan(door.page, codes[0] ?? '')).toBe('Welcome')
    await expectSound(door.page, 'door, welcome')
    await door.page.getByRole('button', { name: 'Next' }).click()
    expect(await scan(door.page, codes[0] ?? '')).toBe('Already in')
    await expectSound(door.page, 'door, refused')
    await door.page.getByRole('button', { name: 'Next' }).click()
    expect(await scan(door.page, codes[1] ?? '')).toBe('Welcome')
    await door.page.getByRole('button', { name: 'Next' }).click()
    expect(await scan(door.page, foreign(codes[1] ?? ''))).toBe('Not ours')
    await door.page.getByRole('button', { name: 'Next' }).click()
    expect(await scan(door.page, 'TSR1.NOT.WHOLE')).toBe('Not typed whole')
  })
}
