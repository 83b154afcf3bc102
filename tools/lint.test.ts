import { expect, test } from 'vitest'
import { lint } from './lint.ts'

test('each planted fault is found', { timeout: 60_000 }, async () => {
  const { complaints } = await lint(['--type-aware', 'tools/lint-fixtures'])
  const rules = complaints.map((complaint) => /\(([a-z-]+)\)$/.exec(complaint)?.[1]).toSorted()
  expect(rules).toEqual([
    'no-console',
    'no-default-export',
    'no-disabled-tests',
    'no-explicit-any',
    'no-floating-promises',
    'no-focused-tests',
    'no-non-null-assertion',
    'switch-exhaustiveness-check',
  ])
})
