import type { CDPSession, Page } from '@playwright/test'
import { expect, test } from 'vitest'
import { buy, hold, putOnSale, register } from '../theatre.ts'
import { signIn, startWeb } from './visitor.ts'

/** The JavaScript that each page of an attendee loads before anyone touches it. */
const SCRIPT_BYTES_MAX = 180_000
const STEP_MS_MAX = 60_000
const IDLE = 'new Promise((done) => requestIdleCallback(done, { timeout: 5_000 }))'

const web = startWeb()

type Answer = { requestId: string; type: string; response: { encodedDataLength: number } }
type Finished = { encodedDataLength: number; requestId: string }

/** Bytes of script that came for a page, compressed as sent and without headers, until it had nothing more to do. */
async function scriptBytes(page: Page, cdp: CDPSession, path: string): Promise<number> {
  const headers = new Map<string, number>()
  let bytes = 0
  const onResponse = ({ requestId, type, response }: Answer): void => {
    if (type === 'Script') headers.set(requestId, response.encodedDataLength)
  }
  const onFinished = ({ requestId, encodedDataLength }: Finished): void => {
    const of_headers = headers.get(requestId)
    if (of_headers !== undefined) bytes += encodedDataLength - of_headers
  }
  cdp.on('Network.responseReceived', onResponse)
  cdp.on('Network.loadingFinished', onFinished)
  await page.goto(`${web.product.origin}${path}`, { waitUntil: 'load' })
  await page.locator('h1, h2').first().waitFor({ state: 'attached' })
  await page.evaluate(IDLE)
  cdp.off('Network.responseReceived', onResponse)
  cdp.off('Network.loadingFinished', onFinished)
  return bytes
}

async function attendeePages(): Promise<{ email: string; paths: Record<string, string> }> {
  const { client } = web.product
  const onsale = await putOnSale(client)
  const { token, email } = await register(client)
  const seats = { best_available: { tier_id: onsale.stalls, quantity: 1 } }
  const order = await buy(client, token, onsale.performance_id, seats)
  const held = await hold(client, token, onsale.performance_id, seats)
  const paths = {
    discover: '/',
    event: `/events/${onsale.event_id}`,
    seats: `/performances/${onsale.performance_id}/seats`,
    checkout: `/checkout/${held.booking_id}`,
    order: `/orders/${order.id}`,
    ticket: `/tickets/${order.tickets[0]?.id}`,
    tickets: '/tickets',
    'sign-up': '/sign-up',
  }
  return { email, paths }
}

test('no page of an attendee comes with more than 180 kB of JavaScript', async () => {
  const { email, paths } = await attendeePages()
  const context = await web.browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS_MAX)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  const sizes: Record<string, number> = { 'sign-in': await scriptBytes(page, cdp, '/sign-in') }
  await signIn(page, { email })
  for (const [name, path] of Object.entries(paths)) sizes[name] = await scriptBytes(page, cdp, path)
  await context.close()
  // A page of which nothing was counted would be under any budget.
  expect(Math.min(...Object.values(sizes))).toBeGreaterThan(50_000)
  expect(Object.entries(sizes).filter(([, bytes]) => bytes > SCRIPT_BYTES_MAX)).toEqual([])
}, 300_000)
