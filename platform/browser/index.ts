import { type Browser, chromium } from '@playwright/test'
import binary from '@sparticuz/chromium'

/** A headless Chromium for tests: the one that `npm test` found to start here, else the one from npm. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['TESSERA_CHROMIUM'] ?? (await binary.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}
