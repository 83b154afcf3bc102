import { expect, test } from 'vitest'
import { openLookup } from './lookup.ts'

test('keys that arrive together are read in one query, each once, and answered each with its own', async () => {
  const queries: (readonly string[])[] = []
  const lookup = openLookup(async (keys: readonly string[]) => {
    queries.push(keys)
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.toUpperCase()]))
  })
  expect(await Promise.all(['a', 'b', 'a', 'none'].map(lookup))).toEqual(['A', 'B', 'A', undefined])
  expect(queries).toEqual([['a', 'b', 'none']])
})

test('a query that fails fails those who share it, and nobody after them', async () => {
  let works = false
  const lookup = openLookup(async (keys: readonly string[]) => {
    if (!works) throw new Error('no connection')
    return new Map(keys.map((key) => [key, key]))
  })
  const together = await Promise.allSettled([lookup('a'), lookup('b')])
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  works = true
  expect(await lookup('a')).toBe('a')
})
