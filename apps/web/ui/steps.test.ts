import { expect, test } from 'vitest'
import { stepDown, stepUp } from './steps.ts'

const PAIRS = { min: 0, begins_at: 2, max: 4 }

test('a smallest order of two steps from nothing to two and back', () => {
  expect([0, 2, 3, 4].map((value) => stepUp(value, PAIRS))).toEqual([2, 3, 4, null])
  expect([4, 3, 2, 0].map((value) => stepDown(value, PAIRS))).toEqual([3, 2, 0, null])
  expect(stepUp(0, { ...PAIRS, max: 1 })).toBeNull()
})

test('by ones where an order may begin at one', () => {
  const people = { min: 1, begins_at: 1, max: 3 }
  expect([1, 2, 3].map((value) => stepUp(value, people))).toEqual([2, 3, null])
  expect([3, 2, 1].map((value) => stepDown(value, people))).toEqual([2, 1, null])
})
