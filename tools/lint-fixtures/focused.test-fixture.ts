import { expect, test } from 'vitest'

test.only('alone', () => {
  expect(1).toBe(1)
})

test.skip('passed over', () => {
  expect(1).toBe(1)
})
