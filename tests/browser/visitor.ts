import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll } from 'vitest'
import { launchChromium } from '#platform/testing'
import { type RealProduct, startProcesses } from '../processes.ts'
import { PASSWORD } from '../theatre.ts'

type Web = { readonly product: RealProduct; readonly browser: Browser }

/** The product with its web app, and a browser, for the tests of one file: both end after the last. */
export function startWeb(env: Readonly<Record<string, string>> = {}): Web {
  let running: Web | undefined
  beforeAll(async () => {
    const product = await startProcesses(env, { with_web: true })
    running = { product, browser: await launchChromium() }
  }, 300_000)
  afterAll(async () => {
    await running?.browser.close()
    await running?.product[Symbol.asyncDispose]()
  }, 60_000)
  const started = (): Web => {
    if (running === undefined) throw new Error('The product has not been started')
    return running
  }
  return {
    get product() {
      return started().product
    },
    get browser() {
      return started().browser
    },
  }
}

/** Signs in on the page that is open, and waits until it has led elsewhere. */
export async function signIn(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}
