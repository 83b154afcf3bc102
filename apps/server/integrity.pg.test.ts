import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTestDatabase } from '#platform/testing'
import { sharedCheck } from './integrity.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let db: Db

beforeAll(async () => {
  database = await createTestDatabase([])
  db = openDb({ url: database.url, connections_max: 1 })
})
afterAll(async () => {
  await db.close()
  await database[Symbol.asyncDispose]()
})

test('those who ask while a check runs share the next, also its failure', async () => {
  let passes = 0
  const counted: Db = {
    ...db,
    transaction: (work, options) => {
      passes++
      return db.transaction(work, options)
    },
  }
  const statement = { name: 'due', text: 'select 1 where false', params: [] }
  const check = sharedCheck(counted, [{ id: 'X', title: 'X', statement }])
  const [one, next, same] = await Promise.all([check(), check(), check()])
  expect(passes).toBe(2)
  expect(same).toBe(next)
  expect(next).not.toBe(one)
  expect(one.invariants).toEqual([{ id: 'X', title: 'X', violations: 0 }])
  await check()
  expect(passes).toBe(3)

  const failing = sharedCheck(counted, [
    { id: 'X', title: 'X', statement: { ...statement, text: 'select from missing' } },
  ])
  for (const expected of [5, 7]) {
    const outcomes = await Promise.allSettled([failing(), failing(), failing()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(passes).toBe(expected)
  }
})
