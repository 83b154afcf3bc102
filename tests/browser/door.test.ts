import type { BrowserContextOptions, Page } from '@playwright/test'
import { beforeAll, expect, test } from 'vitest'
import { buy, type Onsale, putOnSale, register } from '../theatre.ts'
import { signIn, startWeb } from './visitor.ts'

/**
 * The door as those who work there meet it: a hand scanner without a camera, and a camera. The camera is a canvas, and the
 * browser's detector of codes says what the test has laid before it.
 */
const PHONE = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce', colorScheme: 'light' } as const
const STEP_MS_MAX = 30_000
const START_TIME = '2027-03-06T13:00:00.000Z'
const CAMERA = `
  globalThis.codes_in_view = []
  globalThis.frames_read = 0
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement('canvas')
    canvas.getContext('2d').fillRect(0, 0, 1, 1)
    return canvas.captureStream(10)
  }
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ['qr_code'] }
    async detect() { globalThis.frames_read++; return globalThis.codes_in_view.map((rawValue) => ({ rawValue })) }
  }
`

const web = startWeb()
let onsale: Onsale
let codes: string[]

beforeAll(async () => {
  const { client } = web.product
  onsale = await putOnSale(client, { start_time: START_TIME })
  const buyer = await register(client, 'Meera', 'Joshi')
  const order = await buy(client, buyer.token, onsale.performance_id, {
    best_available: { tier_id: onsale.stalls, quantity: 8 },
  })
  const read = ({ id }: { id: string }) =>
    client.expect<{ code: string }>(200, 'GET', `/tickets/${id}`, { as: buyer.token })
  codes = (await Promise.all(order.tickets.map(read))).map(({ body }) => body.code)
}, 120_000)

const newCode = (): string => {
  const code = codes.pop()
  if (code === undefined) throw new Error('All tickets have been used')
  return code
}

/** The scanner's page, and how often it has asked the server about a code. */
async function atTheDoor(act: (page: Page, asked: () => number) => Promise<void>, script?: string): Promise<void> {
  const context = await web.browser.newContext(PHONE satisfies BrowserContextOptions)
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS_MAX)
    if (script !== undefined) await page.addInitScript(script)
    let asked = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/v1/checkins') asked++
    })
    const door = `/door/${onsale.performance_id}`
    await page.goto(`${web.product.origin}/sign-in?next=${encodeURIComponent(door)}`)
    await signIn(page, onsale.organizer)
    await page.getByRole('button', { name: 'Start scanning' }).waitFor()
    await act(page, () => asked)
  } finally {
    await context.close()
  }
}

const start = (page: Page) => page.getByRole('button', { name: 'Start scanning' }).click()
const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click()

/** A hand scanner: its keys, and Enter, in one go. However busy this machine is, there is no pause between them. */
const shoot = (page: Page, text: string) =>
  page.evaluate(`for (const key of ${JSON.stringify([...text, 'Enter'])})
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`)

const lay = (page: Page, in_view: readonly string[]) =>
  page.evaluate(`globalThis.codes_in_view = ${JSON.stringify(in_view)}`)

test('a hand scanner is read in any letter case and with blanks around it; foreign codes are not ours', () =>
  atTheDoor(async (page, asked) => {
    await start(page)
    await page.getByText(/There is no camera here|The camera is not allowed/).waitFor()
    for (const change of [
      (code: string) => code.toLowerCase(),
      (code: string) => `${code} `,
      (code: string) => ` ${code}`,
    ]) {
      await shoot(page, change(newCode()))
      await page.getByText('Welcome').waitFor()
      await next(page)
    }
    await shoot(page, '4006381333931')
    await page.getByText('Not ours').waitFor()
    expect(asked()).toBe(3)
  }))

test('without a camera the wait is shown, another ticket is refused in it, and it ends in time', () =>
  atTheDoor(async (page) => {
    await start(page)
    const [code, other] = [newCode(), newCode()]
    let hangs = true
    await page.route('**/api/v1/checkins', (route) => (hangs ? undefined : route.continue()))
    await shoot(page, code)
    await page.getByText('Checking …').waitFor()
    await shoot(page, other)
    await page.getByText(/the other ticket was not read/).waitFor()
    await page.getByText('No answer', { exact: true }).waitFor({ timeout: 10_000 })
    await page.getByText(/Another ticket came too soon/).waitFor()
    hangs = false
    await shoot(page, code)
    await page.getByText('Welcome').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taken back').waitFor()
    await page.getByText(/Stalls/).waitFor()
  }))

test('two tickets before one camera: one answer stands, the other follows when the first has gone', () =>
  atTheDoor(async (page, asked) => {
    await start(page)
    const [one, other] = [newCode(), newCode()]
    await lay(page, [one, other])
    await page.getByText('Welcome').waitFor()
    await expect.poll(() => page.evaluate('globalThis.frames_read'), { timeout: STEP_MS_MAX }).toBeGreaterThan(30)
    expect(asked()).toBe(1)
    await lay(page, [other])
    await expect.poll(asked).toBe(2)
    await page.getByText('Welcome').waitFor()
  }, CAMERA))

test('the page says which performance it is for, and what has the focus', () =>
  atTheDoor(async (page) => {
    await page.getByText(/Saturday 6 March( 2027)?, 14:00/).waitFor()
    await page.getByText(/Sat 6 Mar( 2027)?, 14:00/).waitFor()
    await start(page)
    await page.getByText(/Sat 6 Mar( 2027)?, 14:00/).waitFor()
    await page.getByRole('button', { name: 'Type a code' }).click()
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('code')
    const ring = 'getComputedStyle(document.activeElement).outlineColor'
    expect(await page.evaluate(ring)).toBe('rgb(23, 21, 18)')
    // Filled, not typed: so fast only a scanner types.
    await page.getByLabel('Code under the square').fill('AAAAA-AAAAB')
    await page.keyboard.press('Enter')
    await page.getByText('Not typed whole').waitFor()
    for (const back of ['Next', 'The Tempest']) {
      await page.keyboard.press('Shift+Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toContain(back)
      expect(await page.evaluate(ring)).toBe('rgb(255, 255, 255)')
    }
  }))

test('a cancelled performance says so in place of the scanner', async () => {
  const { client, origin } = web.product
  const cancelled = await putOnSale(client, { organizer: onsale.organizer })
  await client.expect(200, 'DELETE', `/events/${cancelled.event_id}`, { as: onsale.organizer.token })
  await atTheDoor(async (page) => {
    await page.goto(`${origin}/door/${cancelled.performance_id}`)
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor()
    expect(await page.getByRole('button', { name: 'Start scanning' }).count()).toBe(0)
  })
})
