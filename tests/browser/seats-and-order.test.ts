import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { buy, type Onsale, PASSWORD, type Person, type PretixPlan, plan, putOnSale, register } from '../theatre.ts'
import { MAP_PICTURE } from './map-pixels.ts'

/** What a buyer sees without searching for it: the seats that were found, the first code, what a cancellation gave back. */
const PHONE = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const
const STEP_MS_MAX = 30_000
const REFUND_PERCENT = 50

let product: RealProduct
let browser: Browser
let onsale: Onsale

beforeAll(async () => {
  product = await startProcesses({}, { with_web: true })
  browser = await launchChromium()
  onsale = await putOnSale(product.client, {
    rows: 30,
    seats_a_row: 40,
    refund_policy: [{ hours_before: 1, percent: REFUND_PERCENT }],
  })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

async function visit(options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS_MAX)
    await act(page)
  } finally {
    await context.close()
  }
}

async function signIn(page: Page, { email }: Person, next: string): Promise<void> {
  await page.goto(`${product.origin}/sign-in?next=${encodeURIComponent(next)}`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => url.pathname === next)
}

const seatsUrl = (): string => `${product.origin}/performances/${onsale.performance_id}/seats`

test('a search for seats together keeps to the budget, and the map goes to what it found', () =>
  visit(PHONE, async (page) => {
    await page.goto(seatsUrl())
    const whole_room = page.getByRole('button', { name: 'Show the whole room' })
    await page.getByRole('button', { name: 'Find 2 together' }).waitFor()
    expect(await whole_room.isDisabled()).toBe(true)
    await page.getByLabel('Up to, each').selectOption({ index: 1 })
    for (let more = 0; more < 2; more++) await page.getByRole('button', { name: 'One more, people' }).click()
    await page.getByRole('button', { name: 'Find 4 together' }).click()
    const head = page.getByRole('heading', { name: '4 tickets' })
    await head.waitFor()
    // The button that found them is gone: a keyboard goes on from here.
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('4 tickets')
    await expect.poll(() => whole_room.isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Details' }).click()
    const picked = await page
      .getByRole('complementary', { name: 'Your choice' })
      .getByRole('listitem')
      .allTextContents()
    expect(picked.filter((text) => text.includes('Circle'))).toHaveLength(4)
  }))

test.each([
  [390, 844, 'below'],
  [768, 1_024, 'below'],
  [1_024, 768, 'beside'],
] as const)('at %d × %d the room opens whole, the choice %s it', (width, height, where) =>
  visit({ viewport: { width, height }, reducedMotion: 'reduce' }, async (page) => {
    await page.goto(seatsUrl())
    const map = page.getByRole('application')
    await map.waitFor()
    expect(await page.getByRole('button', { name: 'Show the whole room' }).isDisabled()).toBe(true)
    const [room, panel] = await Promise.all([
      map.boundingBox(),
      page.getByRole('complementary', { name: 'Your choice' }).boundingBox(),
    ])
    if (where === 'below') {
      expect(room?.width).toBe(width)
      expect(panel?.y).toBeGreaterThanOrEqual((room?.y ?? 0) + (room?.height ?? 0))
    } else {
      expect(panel?.x).toBeGreaterThanOrEqual((room?.x ?? 0) + (room?.width ?? 0))
      expect(panel?.width).toBeLessThan(width * 0.4)
    }
  }),
)

test('a paid order shows its first code without scrolling, and every short code', () =>
  visit(PHONE, async (page) => {
    const person = await register(product.client, 'Meera', 'Joshi')
    const order = await buy(product.client, person.token, onsale.performance_id, {
      best_available: { tier_id: onsale.stalls, quantity: 2 },
    })
    await signIn(page, person, `/orders/${order.id}`)
    const code = page.getByRole('img', { name: /The code of ticket 1 of 2/ })
    await code.waitFor()
    const box = await code.boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.viewport.height)
    const codes = await page.getByText(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/).allTextContents()
    expect(new Set(codes).size).toBe(2)
    const as = person.token
    const { body } = await product.client.expect<{ number: string }>(200, 'GET', `/bookings/${order.id}`, { as })
    expect(body.number).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    await page.getByText(body.number).waitFor()
  }))

test('after a cancellation the page shows what goes back, and the receipt what was kept', () =>
  visit(PHONE, async (page) => {
    const person = await register(product.client, 'Meera', 'Joshi')
    const order = await buy(product.client, person.token, onsale.performance_id, {
      best_available: { tier_id: onsale.stalls, quantity: 1 },
    })
    await signIn(page, person, `/orders/${order.id}`)
    await page.getByRole('button', { name: 'Cancel order' }).click()
    await page.getByRole('button', { name: 'Cancel and get €12 back' }).click()
    const notice = page.getByText(/€12 (is on its way|was paid) back to you/)
    await notice.waitFor()
    const box = await notice.boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.viewport.height)
    const kept = page.getByText('Kept by the organizer').locator('..')
    expect(await kept.textContent()).toContain('€12')
  }))

test('an order of which the refund is not known is not cancelled; asking again tells it', () =>
  visit(PHONE, async (page) => {
    const person = await register(product.client, 'Meera', 'Joshi')
    const order = await buy(product.client, person.token, onsale.performance_id, {
      best_available: { tier_id: onsale.stalls, quantity: 2 },
    })
    await signIn(page, person, `/orders/${order.id}`)
    const preview = '**/api/v1/bookings/*?preview=true*'
    await page.route(preview, (route) => route.fulfill({ status: 500, body: '' }))
    await page.getByRole('button', { name: 'Cancel order' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByRole('button', { name: /^Cancel/ }).count()).toBe(0)
    await page.unroute(preview)
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.getByRole('button', { name: 'Cancel and get €24 back' }).waitFor()
  }))

test('what the organizer paid back is on the order, and no refusal when it is cancelled', () =>
  visit(PHONE, async (page) => {
    const person = await register(product.client, 'Meera', 'Joshi')
    const order = await buy(product.client, person.token, onsale.performance_id, {
      best_available: { tier_id: onsale.stalls, quantity: 1 },
    })
    const as = onsale.organizer.token
    const refund = { as, key: true, body: { reason: 'goodwill' } } as const
    await product.client.expect(200, 'POST', `/payments/${order.payments[0]?.id}/refund`, refund)
    await signIn(page, person, `/orders/${order.id}`)
    await page.getByText('The organizer paid €24 back to you. Your tickets stay valid').waitFor()
    expect(await page.getByText('Back to you', { exact: true }).locator('..').textContent()).toContain('€24')
    await page.getByRole('button', { name: 'Cancel order' }).click()
    await page.getByText('€24 was paid back to you before; nothing more comes back.').waitFor()
  }))

test('an invitation is accepted by whom it was sent to, and by nobody else', () =>
  visit(PHONE, async (page) => {
    const [invited, other] = await Promise.all([register(product.client), register(product.client)])
    const { token: as, organization_id } = onsale.organizer
    const { body } = await product.client.expect<{ invitation_url: string }>(
      202,
      'POST',
      `/organizations/${organization_id}/invitations`,
      { as, body: { email: invited.email, role: 'staff' } },
    )
    const { pathname } = new URL(body.invitation_url)
    await page.goto(`${product.origin}${pathname}`)
    await page.getByRole('main').getByRole('link', { name: 'Make an account' }).waitFor()
    await signIn(page, other, pathname)
    await page.getByRole('button', { name: 'Join the team' }).click()
    await page.getByRole('heading', { name: 'This invitation does not work here.' }).waitFor()
    await page.getByRole('button', { name: 'Use another account' }).click()
    await page.waitForURL(/\/sign-in/)
    await signIn(page, invited, pathname)
    await page.getByRole('button', { name: 'Join the team' }).click()
    await page.getByRole('heading', { name: 'Welcome to the team.' }).waitFor()
    await page.getByRole('link', { name: 'Choose a door' }).click()
    await page.getByRole('link', { name: 'The Tempest' }).first().waitFor()
  }))

for (const colorScheme of ['light', 'dark'] as const)
  test(`forced colours keep the map readable: ${colorScheme}`, () =>
    visit({ viewport: { width: 1440, height: 900 }, forcedColors: 'active', colorScheme }, async (page) => {
      await page.goto(seatsUrl())
      await page.getByRole('button', { name: 'Find 2 together' }).waitFor()
      await expect.poll(() => page.evaluate<number>(LEGIBLE_PIXELS)).toBeGreaterThan(10_000)
    }))

/** Painted pixels of the map that stand out from the ground the system gives it, by 3 : 1. */
const LEGIBLE_PIXELS = `(() => {
  const picture = ${MAP_PICTURE}
  if (picture === null) return 0
  const probe = document.createElement('canvas').getContext('2d')
  probe.fillStyle = getComputedStyle(document.documentElement).backgroundColor
  probe.fillRect(0, 0, 1, 1)
  const luminance = (at, data) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, n) => {
    const share = data[at + n] / 255
    return sum + weight * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
  }, 0)
  const ground = luminance(0, probe.getImageData(0, 0, 1, 1).data)
  const { data } = picture.getImageData(0, 0, picture.canvas.width, picture.canvas.height)
  let legible = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 255) continue
    const own = luminance(at, data)
    if ((Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05) >= 3) legible += 1
  }
  return legible
})()`

test('arrow keys go from seat to seat of the map, which says each of them', () =>
  visit({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }, async (page) => {
    await page.goto(seatsUrl())
    await page.getByRole('button', { name: 'Find 2 together' }).waitFor()
    await page.getByRole('application').focus()
    const said = new Set<string>()
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) {
      await page.keyboard.press(key)
      const sentence = page.getByText(/^Hall, row \w+, seat \d+\. .*\. Free$/)
      await expect
        .poll(async () => said.has((await sentence.textContent()) ?? ''), { timeout: STEP_MS_MAX })
        .toBe(false)
      said.add((await sentence.textContent()) ?? '')
    }
    expect(said.size).toBe(3)
  }))

/** Chart units between the first seats of two blocks, and between the two seats of a block. */
const APART = 20_000
const PITCH = 25
/** Of the pitch. */
const SEAT_RADIUS = 0.41

/** A block in Stalls at the left, one in Circle far to the right: two seats each. */
function twoBlocks(): PretixPlan {
  const two_rows = plan(2, 2)
  for (const { rows } of two_rows.zones)
    for (const row of rows) row.position = { x: row.row_number === 'A' ? 0 : APART, y: 0 }
  return { ...two_rows, size: { width: APART + PITCH, height: PITCH } }
}

type Dots = { left: number; right: number; apart: number; bare: number }

/**
 * How much of its own colour the strongest pixel of either half shows (0 to 1), how far apart these are, and how much of
 * it two seats of their true size at that scale would show.
 */
const DOTS = `(() => {
  const picture = ${MAP_PICTURE}
  const colours = [...document.querySelectorAll('.swatch')].map((swatch) => getComputedStyle(swatch).backgroundColor)
  if (picture === null || colours.length < 2) return null
  const { width, height } = picture.canvas
  const rgb = (fill) => {
    const one = document.createElement('canvas').getContext('2d')
    one.fillStyle = fill
    one.fillRect(0, 0, 1, 1)
    return [...one.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const paper = [...picture.getImageData(0, 0, 1, 1).data].slice(0, 3)
  const strongest = (context, colour, left, right) => {
    const way = rgb(colour).map((value, n) => value - paper[n])
    const whole = way.reduce((sum, value) => sum + value * value, 0)
    const { data } = context.getImageData(left, 0, right - left, context.canvas.height)
    let found = { share: 0, x: 0 }
    for (let at = 0; at < data.length; at += 4) {
      const share = way.reduce((sum, value, n) => sum + value * (data[at + n] - paper[n]), 0) / whole
      const off = way.reduce((sum, value, n) => sum + (data[at + n] - paper[n] - share * value) ** 2, 0) / whole
      if (off < 0.02 && share > found.share) found = { share, x: left + ((at / 4) % (right - left)) }
    }
    return found
  }
  const half = Math.floor(width / 2)
  const [left, right] = [strongest(picture, colours[0], 0, half), strongest(picture, colours[1], half, width)]
  const pitch = ((right.x - left.x) / ${APART}) * ${PITCH}
  const bare = document.createElement('canvas').getContext('2d')
  bare.fillStyle = 'rgb(' + paper.join() + ')'
  bare.fillRect(0, 0, 9, 9)
  bare.fillStyle = colours[0]
  const side = 2 * ${SEAT_RADIUS} * pitch
  for (const x of [4.5, 4.5 + pitch]) bare.rect(x - side / 2, 4.5 - side / 2, side, side)
  bare.fill()
  return { left: left.share, right: right.share, apart: right.x - left.x, bare: strongest(bare, colours[0], 0, 9).share }
})()`

for (const [width, height] of [
  [390, 844],
  [1_440, 900],
] as const)
  test(`seats of two blocks 20,000 apart are dots of their colour at ${width} px`, () =>
    visit({ viewport: { width, height } }, async (page) => {
      const { performance_id } = await putOnSale(product.client, { plan: twoBlocks() })
      await page.goto(`${product.origin}/performances/${performance_id}/seats`)
      const dots = () => page.evaluate<Dots | null>(DOTS)
      await expect.poll(async () => (await dots())?.left ?? 0, { timeout: STEP_MS_MAX }).toBeGreaterThan(0.5)
      const shown = await dots()
      expect(shown?.right).toBeGreaterThan(0.5)
      expect(shown?.apart).toBeGreaterThan(0.8 * (width < 1_000 ? width : width - 380))
      // Negative control: on a phone seats as small as they are would be a faint grey.
      if (width < 1_000) expect(shown?.bare).toBeLessThan(0.4)
    }))
