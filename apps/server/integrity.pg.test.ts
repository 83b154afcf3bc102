import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTestDatabase } from '#platform/testing'
import { connectionsOf, planConnections } from './connections.ts'
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

test('a whole check leaves the continuous ones a connection, with the smallest budget too', async () => {
  const { auditor } = planConnections(connectionsOf(false).least, false)
  const finishesFirst = async (connections_max: number): Promise<'whole' | 'continuous'> => {
    await using pool = disposable(openDb({ url: database.url, connections_max }))
    const statement = { name: 'slow', text: 'select where pg_sleep(0.5) is null', params: [] }
    const whole = sharedCheck(pool.db, [{ id: 'X', title: 'X', statement }])().then(() => 'whole' as const)
    const continuous = pool.db.query('select 1').then(() => 'continuous' as const)
    const first = await Promise.race([whole, continuous])
    await Promise.all([whole, continuous])
    return first
  }
  expect(await finishesFirst(auditor)).toBe('continuous')
  expect(await finishesFirst(1)).toBe('whole')
})

function disposable(opened: Db): { db: Db; [Symbol.asyncDispose](): Promise<void> } {
  return { db: opened, [Symbol.asyncDispose]: () => opened.close() }
}
