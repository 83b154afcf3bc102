import { expect, test } from 'vitest'
import { joinLabels } from './join-labels.ts'

test('seats of one row stand together, other places beside them', () => {
  expect(joinLabels(['Stalls, row F, seat 12', 'Stalls, row F, seat 13', 'Balcony, row C, seat 4'])).toBe(
    'Stalls, row F, seats 12, 13 · Balcony, row C, seat 4',
  )
  expect(joinLabels(['Standing'])).toBe('Standing')
})
