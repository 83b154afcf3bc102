import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { organizer, PASSWORD, type Person, putOnSale } from '../theatre.ts'
import { expectSoundAtSizes } from './sound.ts'

/** What an admin does on pages: approve organizations, and have consumers take again what they had given up. */
const PHONE = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const
const STEP_MS_MAX = 30_000

let product: RealProduct
let browser: Browser
let admin: Person

beforeAll(async () => {
  product = await startProcesses({ TESSERA_ORGANIZATIONS: 'approval' }, { with_web: true })
  browser = await launchChromium()
  admin = await product.admin()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
}, 60_000)

async function visit({ email }: Person, path: string, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(PHONE)
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS_MAX)
    await page.goto(`${product.origin}/sign-in?next=${encodeURIComponent(path)}`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL((url) => url.pathname === path)
    await act(page)
  } finally {
    await context.close()
  }
}

const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor()

/** A dead letter as if its consumer had failed every try. Returns nothing that a page would not show. */
async function park(consumer: string, key: string, payload: object, error: string): Promise<void> {
  await product.query(
    `insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, error)
     values ($1, gen_random_uuid(), 'catalog', 'catalog.performance_published', $2, $3, $4)`,
    [consumer, key, JSON.stringify(payload), error],
  )
}

test('an organization that waits is approved by keyboard, and publishes from then on', async () => {
  const founder = await organizer(product.client, 'Stage Door')
  await expect(putOnSale(product.client, { organizer: founder })).rejects.toThrow(/publish/)
  await visit(admin, '/admin/organizations', async (page) => {
    await heading(page, 'One waits for approval.')
    const approve = page.getByRole('button', { name: 'Approve Stage Door' })
    await expect.poll(() => approve.getAttribute('aria-disabled')).toBe('false')
    await expectSoundAtSizes(page, 'an organization that waits')
    await page.route('**/approve', (route) => route.abort())
    await approve.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'It still waits.' }).waitFor()
    await page.unroute('**/approve')
    await approve.press('Enter')
    await page.getByText('Stage Door may publish from now on.').waitFor()
    await page.reload()
    await heading(page, 'Nobody waits.')
    await page.getByRole('link', { name: 'Approved' }).click()
    await page.getByRole('heading', { name: 'Stage Door' }).waitFor()
  })
  await putOnSale(product.client, { organizer: founder })
})

test('a dead letter is read and driven again: taken, failed again, or gone meanwhile', async () => {
  const [row] = await product.query<{ key: string; payload: object }>(
    `select key, payload from catalog.outbox where topic = 'catalog.performance_published' limit 1`,
  )
  if (row === undefined) throw new Error('Nothing was published')
  await park('realtime.learn', row.key, row.payload, 'the database went away')
  await park('realtime.learn', 'perf_unreadable', { performance_id: null }, 'not a performance')
  await park('realtime.learn', 'perf_taken', row.payload, 'a third one')
  await visit(admin, '/admin/dead-letters', async (page) => {
    await heading(page, '3 events were not taken.')
    await page.getByText('the database went away').waitFor()
    const lines = page.getByRole('main').getByRole('listitem')
    await lines.first().getByText('Details').press('Enter')
    await lines.first().getByText(`"performance_id": "${row.key}"`).waitFor()
    const again = (key: string) =>
      page.getByRole('button', { name: `Drive catalog.performance_published of ${key} again` })
    await expect.poll(() => again(row.key).getAttribute('aria-disabled')).toBe('false')
    await again(row.key).press('Enter')
    await page.getByText('realtime.learn has taken it. It no longer waits here.').waitFor()
    await again('perf_unreadable').click()
    await page.getByRole('alert').filter({ hasText: 'realtime.learn failed again' }).waitFor()
    await expectSoundAtSizes(page, 'dead letters, one of them open')
    await product.query(`delete from platform.dead_letters where key = 'perf_taken'`)
    await again('perf_taken').click()
    await page.getByText('somebody had it taken meanwhile').waitFor()
    await page.getByRole('link', { name: 'Look again' }).click()
    await heading(page, 'One event was not taken.')
    await product.query('delete from platform.dead_letters')
    await page.getByRole('link', { name: 'Look again' }).click()
    await heading(page, 'Every event was taken.')
  })
})

test('more letters than a page are shown on demand, and a list that does not load says what is still true', async () => {
  for (let n = 0; n < 21; n++) await park('ticketing.gone', `perf_${n}`, {}, `error ${n}`)
  await visit(admin, '/admin/dead-letters', async (page) => {
    await heading(page, 'More than 20 events were not taken.')
    const lines = page.getByRole('main').locator('ul > li')
    const more = page.getByRole('button', { name: 'Show more' })
    await page.route('**/admin/dead-letters?*', (route) => route.abort())
    await more.click()
    await page.getByText('The lines above are as they were.').waitFor()
    await page.unroute('**/admin/dead-letters?*')
    await more.click()
    await expect.poll(() => lines.count()).toBe(21)
    expect(await more.count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  })
  await product.query('delete from platform.dead_letters')
})

test('nobody else reads them', async () => {
  const founder = await organizer(product.client, 'Side Door')
  for (const path of ['/admin/dead-letters', '/admin/organizations', '/admin/integrity'])
    await visit(founder, path, async (page) => {
      await page.getByText('This page is for administrators.').waitFor()
      expect(await page.getByRole('button', { name: /Approve|Drive/ }).count()).toBe(0)
    })
})

test('what is broken stands first on the integrity page, with the way to mend it', async () => {
  await park('booking.open', 'perf_broken', {}, 'planted')
  try {
    await visit(admin, '/admin/integrity', async (page) => {
      await heading(page, /rules? (is|are) broken/)
      expect(await page.getByRole('row').nth(1).textContent()).toContain('I19')
      await page.getByRole('link', { name: 'Look again' }).click()
      await heading(page, /rules? (is|are) broken/)
      await page.getByRole('main').getByRole('link', { name: 'Dead letters' }).click()
      await page.waitForURL(/\/admin\/dead-letters/)
    })
  } finally {
    await product.query(`delete from platform.dead_letters where key = 'perf_broken'`)
  }
})
