import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from 'vitest'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const SCHEMES = ['dark', 'light'] as const
/** A change of scheme may fade; axe reads the colours of the moment. */
const FADED = 'Promise.allSettled(document.getAnimations().map(({ finished }) => finished))'

/** What axe finds on a page as it is now, in light and dark; `what` names the page where it is told. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(FADED)
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
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
