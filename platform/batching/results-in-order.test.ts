import { expect, test } from 'vitest'
import { resultsInOrder } from './results-in-order.ts'

test('rows come back in the order of the items', () => {
  const rows = [
    { request: 2, kind: 'lost' },
    { request: 1, kind: 'won' },
  ]
  expect(resultsInOrder(['a', 'b'], rows, (row, item) => `${item} ${row.kind}`)).toEqual(['a won', 'b lost'])
})

test('an item without a row throws', () => {
  expect(() => resultsInOrder(['a', 'b'], [{ request: 1 }], (row) => row)).toThrow(
    'A batch of 2 has no result for item 2',
  )
})
