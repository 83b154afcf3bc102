import { expect, test } from 'vitest'
import { limitOf } from './pages.ts'

test('a page has as many items as are asked for, 20 unless told, 100 at most', () => {
  expect([{}, { limit: '7' }, { limit: 7 }, { limit: '100' }, { limit: '101' }, { limit: '999' }].map(limitOf)).toEqual(
    [20, 7, 7, 100, 100, 100],
  )
})
