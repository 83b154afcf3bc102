import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cruise, type Violation } from './check.ts'
import rules from './rules.mjs'

const planted = () => cruise(join(import.meta.dirname, 'fixtures'), ['apps', 'contexts', 'platform', 'contracts'])

test('each rule finds the one violation that is planted for it', { timeout: 60_000 }, async () => {
  const { violations } = await planted()
  const found = violations.map(({ rule }) => rule).filter((rule) => rule !== 'no-folder-circle')
  expect(found.toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted())
})

test('a circle of sibling folders is found though no file is in a circle', { timeout: 60_000 }, async () => {
  expect(circles(await planted(), 'apps/web/features/')).toEqual([
    'one/uses-other.ts → other/used-by-one.ts',
    'other/uses-one.ts → one/used-by-other.ts',
  ])
})

test('a circle of a folder with a file beside it is found though no file is in a circle', {
  timeout: 60_000,
}, async () => {
  expect(circles(await planted(), 'contexts/four/')).toEqual([
    'refunds/begin.ts → settle.ts',
    'settle.ts → refunds/reserve.ts',
  ])
})

/** The circles under a folder, which must lie in it altogether. */
function circles({ violations }: { violations: readonly Violation[] }, folder: string): string[] {
  return violations
    .filter(({ rule, from }) => rule === 'no-folder-circle' && from.startsWith(folder))
    .map(({ from, to }) => `${from.slice(folder.length)} → ${to.startsWith(folder) ? to.slice(folder.length) : to}`)
    .toSorted()
}
