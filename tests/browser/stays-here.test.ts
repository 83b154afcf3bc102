import type { BrowserContext } from '@playwright/test'
import { expect, test } from 'vitest'
import { buy, hold, putOnSale } from '../theatre.ts'
import { signIn, startWeb } from './visitor.ts'

/**
 * Nothing leaves the machine: every page runs in a browser that refuses and counts all requests to other origins.
 */
const QUIET = 'networkidle'
/** Pages with a live stream never fall silent; they have done their own work when the browser has nothing to do. */
const IDLE = 'new Promise((done) => requestIdleCallback(done, { timeout: 5_000 }))'

const web = startWeb()

/** Refuses whatever is not of these origins; resolves to what was asked for. */
async function guarded(context: BrowserContext, own: ReadonlySet<string>): Promise<string[]> {
  const elsewhere: string[] = []
  await context.route(
    (url) => url.protocol.startsWith('http') && !own.has(url.origin),
    (route) => {
      elsewhere.push(route.request().url())
      return route.abort()
    },
  )
  return elsewhere
}

async function pagesOf(email: string, token: string): Promise<Record<string, string>> {
  const { client } = web.product
  const onsale = await putOnSale(client, {
    organizer: { token, email, user_id: '', refresh_token: '', ...(await organization(token)) },
  })
  const seats = { best_available: { tier_id: onsale.stalls, quantity: 1 } }
  const order = await buy(client, token, onsale.performance_id, seats)
  const held = await hold(client, token, onsale.performance_id, seats)
  return {
    discover: '/',
    event: `/events/${onsale.event_id}`,
    seats: `/performances/${onsale.performance_id}/seats`,
    checkout: `/checkout/${held.booking_id}`,
    order: `/orders/${order.id}`,
    ticket: `/tickets/${order.tickets[0]?.id}`,
    tickets: '/tickets',
    'my events': '/organizer',
    sales: `/organizer/events/${onsale.event_id}/sales`,
    doors: '/door',
    scanner: `/door/${onsale.performance_id}`,
    integrity: '/admin/integrity',
    invitation: `/invitations/${'x'.repeat(43)}`,
    styleguide: '/styleguide',
    'not found': '/nothing/here',
    docs: '/docs/',
  }
}

async function organization(as: string): Promise<{ organization_id: string }> {
  const { body } = await web.product.client.expect<{ id: string }>(201, 'POST', '/organizations', {
    as,
    body: { name: 'Stage Door' },
  })
  return { organization_id: body.id }
}

test('no page asks anything of another origin', async () => {
  const context = await web.browser.newContext({ reducedMotion: 'reduce' })
  const elsewhere = await guarded(context, new Set([web.product.origin]))
  const page = await context.newPage()
  const person = await web.product.admin()
  for (const path of ['/sign-up', '/sign-in']) await page.goto(`${web.product.origin}${path}`, { waitUntil: QUIET })
  await signIn(page, person)
  for (const path of Object.values(await pagesOf(person.email, person.token))) {
    await page.goto(`${web.product.origin}${path}`, { waitUntil: 'load' })
    await page.locator('h1, h2').first().waitFor({ state: 'attached' })
    await page.evaluate(IDLE)
  }
  expect(elsewhere).toEqual([])
  await context.close()
}, 300_000)

test('a request to another origin is counted, and refused', async () => {
  const context = await web.browser.newContext({ bypassCSP: true })
  const elsewhere = await guarded(context, new Set([web.product.origin]))
  const page = await context.newPage()
  await page.goto(web.product.origin)
  const answer = await page.evaluate("fetch('https://elsewhere.example/').then(() => 'answered', () => 'refused')")
  expect([answer, elsewhere]).toEqual(['refused', ['https://elsewhere.example/']])
  await context.close()
})

test('the API reference has a name and a language, and may send nothing elsewhere', async () => {
  const context = await web.browser.newContext()
  const elsewhere = await guarded(context, new Set([web.product.origin]))
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${web.product.origin}/docs/`)
  await page
    .getByRole('heading', { name: /Tessera/ })
    .first()
    .waitFor()
  expect(await page.title()).toBe('Tessera API')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(complaints).toEqual([])
  // The browser itself forbids it, whatever the reference's code may try.
  const sent = await page.evaluate(
    "fetch('https://elsewhere.example/', { method: 'POST', body: 'x' }).then(() => 'answered', () => 'refused')",
  )
  expect([sent, elsewhere]).toEqual(['refused', []])
  await context.close()
})
