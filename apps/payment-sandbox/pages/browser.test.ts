import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type Running, startRunning } from '../../../tests/payment-sandbox.fixture.ts'

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const

let browser: Browser
let running: Running
let shop: { origin: string; close: () => void }

beforeAll(async () => {
  browser = await launchChromium()
  running = await startRunning()
  const server = createServer((request, response) => response.end(`<title>Shop</title>${request.url}`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  shop = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
})

afterAll(async () => {
  await browser.close()
  await running[Symbol.asyncDispose]()
  shop.close()
})

type Visit = AsyncDisposable & { page: Page; complaints: string[] }

async function visit(options: { scheme?: 'light' | 'dark'; size?: (typeof SIZES)[number] } = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: options.size ?? SIZES[0],
    colorScheme: options.scheme ?? 'light',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  // A refusal is an answer too: the browser logs its status, which is not a fault of the page.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const session = await running.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { quantity: 1, price_data: { currency: 'inr', unit_amount: 684_000, product_data: { name: 'Ragas' } } },
    ],
    payment_intent_data: { description: 'Monsoon Ragas · Stalls F 12, F 13' },
    success_url: `${shop.origin}/done`,
    cancel_url: `${shop.origin}/back`,
  })
  await page.goto(session.url ?? '')
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

const payButton = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('button', { name: 'Pay ₹6,840.00' })

test('typed like a person would: corrected, paid, back in the shop', async () => {
  await using visited = await visit()
  const { page, complaints } = visited
  await payButton(page).click()
  // The browser itself keeps an empty form back.
  expect(await page.getByLabel('Card number').evaluate('document.activeElement?.name')).toBe('number')
  await page.getByLabel('Card number').pressSequentially('4242424242424242')
  await page.getByLabel('Expires').pressSequentially('0440')
  await page.getByLabel('Security code').pressSequentially('123')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${shop.origin}/done`)
  expect(complaints).toEqual([])
})

test('declined, then approved at the bank, with test cards from the list', async () => {
  await using visited = await visit({ size: SIZES[1], scheme: 'dark' })
  const { page, complaints } = visited
  await page.getByRole('button', { name: '4000 0000 0000 0002' }).click()
  await payButton(page).click()
  await page.getByRole('alert').getByText('Your card was declined.').waitFor()
  await page.getByRole('button', { name: '4000 0025 0000 3155' }).click()
  await payButton(page).click()
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  await page.getByRole('button', { name: 'Yes, approve' }).click()
  await page.waitForURL(`${shop.origin}/done`)
  expect(complaints).toEqual([])
})

test('what is paid stands out, and the question of the bank is a sentence', async () => {
  await using visited = await visit()
  const { page } = visited
  const style = (selector: string, property: string) =>
    page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`)
  const size = async (selector: string) => Number.parseFloat(String(await style(selector, 'fontSize')))
  expect(await size('h1')).toBeGreaterThan(1.5 * (await size('label')))
  expect(Number(await style('main strong', 'fontWeight'))).toBeGreaterThanOrEqual(600)
  await page.getByRole('button', { name: '4000 0025 0000 3155' }).click()
  await payButton(page).click()
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  expect(await style('main p:not(.line)', 'display')).toBe('block')
})

test('back without paying leads to the shop, and the payment stays open', async () => {
  await using visited = await visit()
  await visited.page.getByRole('link', { name: 'Back without paying' }).click()
  await visited.page.waitForURL(`${shop.origin}/back`)
})

test.each(SIZES.flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ size, scheme }))))(
  'axe finds nothing, nothing scrolls sideways, targets are big enough: $size.width $scheme',
  async ({ size, scheme }) => {
    await using visited = await visit({ size, scheme })
    const { page } = visited
    await page.getByRole('button', { name: '4000 0000 0000 9995' }).click()
    await payButton(page).click()
    await page.getByRole('alert').waitFor()
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.width)
    for (const target of await page.getByRole('button').all()) {
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    }
  },
)
