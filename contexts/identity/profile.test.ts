import { expect, test } from 'vitest'
import { ifMatchFits } from './profile.ts'

test.each([
  [undefined, true],
  ['*', true],
  ['"a"', true],
  ['"b", "a"', true],
  ['"b"', false],
  ['W/"a"', false],
  ['', false],
])('If-Match %s', (header, fits) => {
  expect(ifMatchFits(header, '"a"')).toBe(fits)
})
