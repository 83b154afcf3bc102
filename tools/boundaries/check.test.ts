import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cruise } from './check.ts'
import rules from './rules.mjs'

const planted = () => cruise(join(import.meta.dirname, 'fixtures'), ['apps', 'contexts', 'platform', 'contracts'])

test('each rule finds the one violation that is planted for it', { timeout: 60_000 }, async () => {
  const { violations } = await planted()
  const found = violations.map(({ rule }) => rule).filter((rule) => rule !== 'no-folder-circle')
  expect(found.toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted())
})

test('a circle of sibling folders is found though no file is in a circle', { timeout: 60_000 }, async () => {
  const { violations } = await planted()
  const features = violations.filter(({ from }) => from.startsWith('apps/web/features/'))
  const edge = (from: string, to: string) => ({
    rule: 'no-folder-circle',
    from: `apps/web/features/${from}`,
    to: `apps/web/features/${to}`,
  })
  expect(features).toEqual([
    edge('one/uses-other.ts', 'other/used-by-one.ts'),
    edge('other/uses-one.ts', 'one/used-by-other.ts'),
  ])
})
