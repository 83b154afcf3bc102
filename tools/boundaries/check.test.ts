import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cruise } from './check.ts'
import rules from './rules.mjs'

test('each rule finds the one violation that is planted for it', { timeout: 60_000 }, async () => {
  const { violations } = await cruise(join(import.meta.dirname, 'fixtures'), [
    'apps',
    'contexts',
    'platform',
    'contracts',
  ])
  expect(violations.map(({ rule }) => rule).toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted())
})
