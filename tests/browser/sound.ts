import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from 'vitest'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** The whole of it in dark; light shows the same document, so that only what judges colours can differ. */
const SCHEMES = [
  ['dark', null],
  ['light', ['color-contrast', 'link-in-text-block']],
] as const
const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
]
/** A change of scheme may fade; axe reads the colours of the moment. */
const FADED = 'Promise.allSettled(document.getAnimations().map(({ finished }) => finished))'

/** What axe finds on a page as it is now, in light and dark; `what` names the page where it is told. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const [colorScheme, rules] of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(FADED)
    // Legacy: no page here has a frame, for which axe would otherwise open a window with each report.
    const axe = new AxeBuilder({ page }).setLegacyMode(true)
    const { violations } = await (rules === null ? axe.withTags(TAGS) : axe.withRules([...rules])).analyze()
    for (const { id, impact, nodes } of violations) {
      found.push(`${colorScheme}: ${id} (${impact}): ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    }
  }
  return found
}

/** No violation that axe can find, and nothing wider than the window. Ends in light. `what` names the page. */
export async function expectSound(page: Page, what: string): Promise<void> {
  const found = await violations(page)
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect({ what, found, overflow }).toEqual({ what, found: [], overflow: 0 })
}

/** The same on a phone and on a desk, without loading the page again. Ends in the window's first size. */
export async function expectSoundAtSizes(page: Page, what: string): Promise<void> {
  const first = page.viewportSize()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await expectSound(page, `${what} at ${size.width} px`)
  }
  if (first !== null) await page.setViewportSize(first)
}
