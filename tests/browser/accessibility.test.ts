import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { buy, hold, PASSWORD, register } from '../theatre.ts'
import { expectSoundAtSizes, violations } from './sound.ts'

/** Every page, as someone who may see it, on a phone and on a desk, in light and dark: no violation that axe can find. */
const STEP_MS_MAX = 60_000
const DEMO_PASSWORD = 'tessera-demo'

type Visit = { name: string; path: string; heading: RegExp }
type Visitor = { email: string; password: string }

let product: RealProduct
let browser: Browser
let sold: {
  event_id: string
  performance_id: string
  buyer: Visitor
  booking_id: string
  order_id: string
  ticket_id: string
  invitation_path: string
}

beforeAll(async () => {
  product = await startProcesses({ TESSERA_DEMO: '1' }, { with_web: true })
  browser = await launchChromium()
  sold = await sell()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

/** An event of the demo organizer with an order and a hold of someone who has an account. */
async function sell(): Promise<typeof sold> {
  const { client } = product
  type Listed = { items: { id: string; title: string; next_performance: { id: string } }[] }
  const list = await client.expect<Listed>(200, 'GET', '/events?limit=100')
  const event = list.body.items.find(({ title }) => title === 'Monsoon Ragas')
  if (event === undefined) throw new Error('The demo data has no Monsoon Ragas')
  const performance_id = event.next_performance.id
  type Detail = { tiers: { id: string; categories: string[] | null }[] }
  const { body } = await client.expect<Detail>(200, 'GET', `/performances/${performance_id}`)
  const seats = { best_available: { tier_id: body.tiers.find((tier) => tier.categories !== null)?.id, quantity: 1 } }
  const { token, email } = await register(client, 'Meera', 'Joshi')
  const order = await buy(client, token, performance_id, seats)
  const { booking_id } = await hold(client, token, performance_id, seats)
  return {
    event_id: event.id,
    performance_id,
    buyer: { email, password: PASSWORD },
    booking_id,
    order_id: order.id,
    ticket_id: order.tickets[0]?.id ?? '',
    invitation_path: await invite(email),
  }
}

/** The path of an invitation to the team of the demo organizer. */
async function invite(email: string): Promise<string> {
  const { client } = product
  type Member = { access_token: string; user: { organizations: { id: string }[] } }
  const organizer = await client.expect<Member>(200, 'POST', '/auth/login', {
    body: { email: 'organizer@demo.test', password: DEMO_PASSWORD },
  })
  const { access_token: as, user } = organizer.body
  const path = `/organizations/${user.organizations[0]?.id}/invitations`
  const body = { email, role: 'staff' }
  const { invitation_url } = (await client.expect<{ invitation_url: string }>(202, 'POST', path, { as, body })).body
  return new URL(invitation_url).pathname
}

async function signIn(page: Page, { email, password }: Visitor): Promise<void> {
  await page.goto(`${product.origin}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** Each page by its own heading: a refusal in its stead would be sound too. */
async function walk(visitor: Visitor | null, visits: readonly Visit[]): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_MS_MAX)
  if (visitor !== null) await signIn(page, visitor)
  for (const { name, path, heading } of visits) {
    await page.goto(`${product.origin}${path}`)
    await page.getByRole('heading', { name: heading }).first().waitFor({ state: 'attached' })
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
    await expectSoundAtSizes(page, name)
  }
  await context.close()
}

const demo = (name: string): Visitor => ({ email: `${name}@demo.test`, password: DEMO_PASSWORD })

test('pages that anyone may see', () =>
  walk(null, [
    { name: 'discover', path: '/', heading: /./ },
    { name: 'event', path: `/events/${sold.event_id}`, heading: /Monsoon Ragas/ },
    { name: 'seats', path: `/performances/${sold.performance_id}/seats`, heading: /./ },
    { name: 'sign-in', path: '/sign-in', heading: /./ },
    { name: 'sign-up', path: '/sign-up', heading: /A seat of your own/ },
    { name: 'a session needed', path: '/tickets', heading: /./ },
    { name: 'nothing there', path: '/events/ev_none', heading: /./ },
    { name: 'an invitation, signed out', path: sold.invitation_path, heading: /You are invited/ },
    { name: 'styleguide', path: '/styleguide', heading: /Styleguide/ },
  ]))

test('pages of a buyer', () =>
  walk(sold.buyer, [
    { name: 'checkout', path: `/checkout/${sold.booking_id}`, heading: /./ },
    { name: 'payment', path: `/checkout/${sold.booking_id}/done`, heading: /Not paid yet/ },
    { name: 'order', path: `/orders/${sold.order_id}`, heading: /Meera/ },
    { name: 'ticket', path: `/tickets/${sold.ticket_id}`, heading: /Ticket for Monsoon Ragas/ },
    { name: 'tickets', path: '/tickets', heading: /My tickets/ },
    { name: 'an invitation', path: sold.invitation_path, heading: /You are invited/ },
  ]))

test('pages of an organizer', () =>
  walk(demo('organizer'), [
    { name: 'organizer', path: '/organizer', heading: /^Events$/ },
    { name: 'sales', path: `/organizer/events/${sold.event_id}/sales`, heading: /^Prices$/ },
  ]))

test('pages of those who let people in', () =>
  walk(demo('door'), [
    { name: 'doors', path: '/door', heading: /./ },
    { name: 'door', path: `/door/${sold.performance_id}`, heading: /./ },
  ]))

test('pages of an administrator', () =>
  walk(demo('admin'), [
    { name: 'integrity', path: '/admin/integrity', heading: /rules? (holds|are broken)/ },
    { name: 'dead letters', path: '/admin/dead-letters', heading: /taken/ },
    { name: 'organizations', path: '/admin/organizations', heading: /waits?/ },
  ]))

test('grey text that only dark shows is found', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(`${product.origin}/sign-up`)
  await page.addStyleTag({ content: '@media (prefers-color-scheme: dark) { h1 { color: #222 !important } }' })
  const found = await violations(page)
  await context.close()
  expect(found.map((one) => one.split(' (')[0])).toEqual(['dark: color-contrast'])
})
