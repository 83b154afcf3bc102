import { join } from 'node:path'
import { expect, test } from 'vitest'
import { count } from './suite.ts'
import { root } from './tree.ts'

const file = (name: string, status = 'passed', tests = 1) => ({
  name: join(root, name),
  status,
  assertionResults: Array.from({ length: tests }, () => ({})),
})
const report = (files: readonly ReturnType<typeof file>[], failed = 0) => ({
  numPassedTests: 3,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: files,
})

test('a run of every file is what it says it is', () => {
  expect(count(report([file('a.test.ts'), file('b.test.ts')]), ['a.test.ts', 'b.test.ts'], 0)).toEqual({
    passed: 3,
    failed: 0,
    skipped: 0,
    complaints: [],
  })
})

test.each([
  ['a file that was not run', report([file('a.test.ts')]), ['a.test.ts', 'b.test.ts'], 0, 'b.test.ts was not run'],
  ['a file that did not load', report([file('a.test.ts', 'failed', 0)]), ['a.test.ts'], 1, 'a.test.ts did not load'],
  ['a file without a test', report([file('a.test.ts', 'passed', 0)]), ['a.test.ts'], 0, 'a.test.ts has no test'],
  ['an error outside of the tests', report([file('a.test.ts')]), ['a.test.ts'], 1, 'exit code 1 though no test failed'],
])('%s counts as failed', (_what, given, expected, code, words) => {
  const counted = count(given, expected, code)
  expect(counted.failed).toBe(1)
  expect(counted.complaints.join()).toContain(words)
})
