import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type Running, startRunning } from '../testing.fixture.ts'

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

async function visit(
  options: { scheme?: 'light' | 'dark'; size?: (typeof SIZES)[number]; script?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: options.size ?? SIZES[0],
    colorScheme: options.scheme ?? 'light',
    javaScriptEnabled: options.script ?? true,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  // A refusal is an answer too: the browser logs its status, which is not a fault of the page.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const intent = await running.stripe.paymentIntents.create({
    amount: 684_000,
    currency: 'inr',
    description: 'Monsoon Ragas · Stalls F 12, F 13',
    return_url: `${shop.origin}/done`,
  })
  await page.goto(`${running.sandbox.origin}/pay/${intent.client_secret}`)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

const payButton = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('button', { name: 'Pay ₹6,840.00' })

test('typed like a person would: grouped digits, corrected in place, paid, back in the shop', async () => {
  await using visited = await visit()
  const { page, complaints } = visited
  await payButton(page).click()
  await page.getByText('Enter the card number.').waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('number')
  await page.getByLabel('Card number').pressSequentially('4242424242424242')
  expect(await page.getByLabel('Card number').inputValue()).toBe('4242 4242 4242 4242')
  expect(await page.getByText('Enter the card number.').count()).toBe(0)
  await page.getByLabel('Expires').pressSequentially('430')
  expect(await page.getByLabel('Expires').inputValue()).toBe('04 / 30')
  await page.getByLabel('Security code').pressSequentially('123')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${shop.origin}/done?**redirect_status=succeeded`)
  expect(complaints).toEqual([])
})

test('a digit inserted in the middle stays where it was typed', async () => {
  await using visited = await visit()
  const number = visited.page.getByLabel('Card number')
  await number.pressSequentially('42424242')
  for (let n = 0; n < 7; n += 1) await visited.page.keyboard.press('ArrowLeft')
  await visited.page.keyboard.type('99')
  expect(await number.inputValue()).toBe('4299 4242 42')
})

test('declined, then approved at the bank, with test cards from the list', async () => {
  await using visited = await visit({ size: SIZES[1], scheme: 'dark' })
  const { page, complaints } = visited
  await page.getByRole('button', { name: '4000 0000 0000 0002' }).click()
  await payButton(page).click()
  await page.getByRole('alert').getByText('The bank said no to this card.').waitFor()
  await page.getByRole('button', { name: '4000 0025 0000 3155' }).click()
  expect(await page.getByRole('alert').count()).toBe(0)
  await payButton(page).click()
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor()
  await page.getByRole('button', { name: 'Yes, approve' }).click()
  await page.waitForURL(`${shop.origin}/done?**redirect_status=succeeded`)
  expect(complaints).toEqual([])
})

test('it works without script', async () => {
  await using visited = await visit({ script: false })
  const { page } = visited
  await page.getByRole('button', { name: '4242 4242 4242 4242' }).click()
  await payButton(page).click()
  await page.waitForURL(`${shop.origin}/done?**redirect_status=succeeded`)
})

test('back without paying leads to the shop, and the payment stays open', async () => {
  await using visited = await visit()
  await visited.page.getByRole('link', { name: 'Back without paying' }).click()
  await visited.page.waitForURL(`${shop.origin}/done?**redirect_status=canceled`)
})

test.each(SIZES.flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ size, scheme }))))(
  'axe finds nothing, nothing scrolls sideways, targets are big enough: $size.width $scheme',
  async ({ size, scheme }) => {
    await using visited = await visit({ size, scheme })
    const { page } = visited
    await payButton(page).click()
    await page.getByText('Enter the card number.').waitFor()
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
