import type { Browser } from '@playwright/test'

/** A headless Chromium: the one that `npm test` found to start here, otherwise the one from npm. Loaded on demand. */
export async function launchChromium(): Promise<Browser> {
  const [{ chromium }, { default: binary }] = await Promise.all([
    import('@playwright/test'),
    import('@sparticuz/chromium'),
  ])
  return chromium.launch({
    executablePath: process.env['TESSERA_CHROMIUM'] ?? (await binary.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}
