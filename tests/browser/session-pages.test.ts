import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'

/**
 * Every page of a session, as every demo account, as a guest and as nobody: it ends in its content, in a clear refusal or
 * in the request to sign in, and never in a skeleton, an empty page or the page of a fault.
 */
const ACCOUNTS = ['organizer', 'organizer2', 'boxoffice', 'door', 'admin', 'attendee', 'attendee2']
/** They may read the orders of the event below, and nobody else's codes or payments. */
const READERS = new Set(['organizer', 'boxoffice', 'admin'])
/** They work for the organizer of the order below, or for the platform: some of it is theirs to see. */
const INSIDERS = new Set(['organizer', 'boxoffice', 'door', 'admin'])
/** What a buyer's page is to them. */
const AS_STAFF: Readonly<Record<string, string>> = {
  'the checkout of someone else': 'This is a buyer’s hold.',
  'the payment of someone else': 'This is a buyer’s hold.',
  'the order of someone else': 'This is a buyer’s order.',
}
const PAGE_MS_MAX = 30_000

let product: RealProduct
let browser: Browser
let pages: Record<string, string>

beforeAll(async () => {
  product = await startProcesses({ TESSERA_DEMO: '1' }, { with_web: true })
  browser = await launchChromium()
  pages = await pagesOfSomeoneElse()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

/** A paid order and a hold of a guest whom nobody below is, and the event they are for. */
async function pagesOfSomeoneElse(): Promise<Record<string, string>> {
  const { client } = product
  const guest = await client.expect<{ access_token: string }>(201, 'POST', '/auth/guest', { body: {} })
  const as = guest.body.access_token
  const list = await client.expect<{ items: { id: string; title: string; next_performance: { id: string } }[] }>(
    200,
    'GET',
    '/events?limit=100',
  )
  const event = list.body.items.find((one) => one.title === 'Monsoon Ragas')
  if (event === undefined) throw new Error('The demo data has no Monsoon Ragas')
  const performance_id = event.next_performance.id
  const detail = await client.expect<{ tiers: { id: string; categories: string[] | null }[] }>(
    200,
    'GET',
    `/performances/${performance_id}`,
  )
  const tier_id = detail.body.tiers.find((tier) => tier.categories !== null)?.id
  const hold = async () => {
    const body = { performance_id, best_available: { tier_id, quantity: 1 } }
    const answer = await client.expect<{ booking_id: string }>(201, 'POST', '/bookings/hold', { as, key: true, body })
    return answer.body.booking_id
  }
  const [order, held] = [await hold(), await hold()]
  const intent = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as,
    key: true,
    body: { booking_id: order, email: 'someone@example.test' },
  })
  const { payment_id } = intent.body
  const body = { payment_id, payment_method: 'pm_card_visa' }
  await client.expect(200, 'POST', '/payments/confirm', { as, key: true, body })
  const booking = await client.expect<{ tickets: { id: string }[] }>(200, 'GET', `/bookings/${order}`, { as })
  return {
    'the checkout of someone else': `/checkout/${held}`,
    'the payment of someone else': `/checkout/${held}/done`,
    'the order of someone else': `/orders/${order}`,
    'an order that never was': '/orders/bk_01jd0000000000000000000000',
    'the ticket of someone else': `/tickets/${booking.body.tickets[0]?.id}`,
    'my tickets': '/tickets',
    'my events': '/organizer',
    sales: `/organizer/events/${event.id}/sales`,
    doors: '/door',
    door: `/door/${performance_id}`,
    integrity: '/admin/integrity',
  }
}

async function signIn(page: Page, account: string): Promise<void> {
  await page.goto(`${product.origin}/sign-in`)
  await page.getByLabel('E-mail').fill(`${account}@demo.test`)
  await page.getByLabel('Password').fill('tessera-demo')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** What the page came to: its first heading once nothing on it is loading any more. */
async function endOf(page: Page, path: string): Promise<{ heading: string; body: string }> {
  await page.goto(`${product.origin}${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
  return {
    heading: (await page.getByRole('heading', { level: 1 }).first().textContent()) ?? '',
    body: (await page.locator('body').innerText()).trim(),
  }
}

async function walk(page: Page, who: string): Promise<void> {
  for (const [name, path] of Object.entries(pages)) {
    const { heading, body } = await endOf(page, path)
    expect({ name, heading }).not.toEqual({ name, heading: '' })
    expect({ name, fault: /lights went out|Something on this page broke/.test(body) }).toEqual({ name, fault: false })
    if (who === 'organizer' && name === 'sales') {
      const orders = await page.locator('main a[href^="/orders/"]').count()
      expect({ name, has_orders: orders > 0 }).toEqual({ name, has_orders: true })
    }
    if (READERS.has(who) && name in AS_STAFF) {
      expect({ name, heading }).toEqual({ name, heading: AS_STAFF[name] })
      expect({ name, is_told: body.includes('because you work for this event') }).toEqual({ name, is_told: true })
    }
    const stranger = /never was/.test(name) || (/someone else/.test(name) && !INSIDERS.has(who))
    if (!stranger) continue
    const refused = /not yours to see|Sign in to see this/.test(body)
    expect({ name, refused }).toEqual({ name, refused: true })
  }
}

async function visit(who: string, prepare: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(PAGE_MS_MAX)
    await prepare(page)
    await walk(page, who)
  } finally {
    await context.close()
  }
}

test.each(ACCOUNTS)('%s: every page of a session ends in words', (account) =>
  visit(account, (page) => signIn(page, account)),
)

test('nobody: every page of a session ends in words', () => visit('nobody', async () => undefined))

test('a guest: every page of a session ends in words', () =>
  visit('guest', async (page) => {
    await page.goto(product.origin)
    const headers = { 'x-session': 'cookie' }
    await page.request.post(`${product.origin}/api/v1/auth/guest`, { data: {}, headers })
    await page.evaluate("localStorage.setItem('tessera.session', '1')")
  }))

test('a session that cannot be renewed ends in the request to sign in', () =>
  visit('guest', async (page) => {
    await page.goto(product.origin)
    await page.evaluate("localStorage.setItem('tessera.session', '1')")
  }))
