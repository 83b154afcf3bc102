import { expect, test } from 'vitest'
import { openLane } from './lane.ts'

function gated(batch_size_max = 10, in_flight_max = 1) {
  const batches: { items: readonly number[]; done: PromiseWithResolvers<readonly string[]> }[] = []
  const lane = openLane<number, string>({
    run: (items) => {
      const done = Promise.withResolvers<readonly string[]>()
      batches.push({ items, done })
      return done.promise
    },
    batch_size_max,
    in_flight_max,
  })
  const finish = async (index: number): Promise<void> => {
    batches[index]?.done.resolve(batches[index].items.map((item) => `did ${item}`))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { lane, batches, finish }
}

test('the first goes alone at once; what comes meanwhile goes together, in order, up to the limit', async () => {
  const { lane, batches, finish } = gated(3)
  const all = Promise.all([1, 2, 3, 4, 5].map((item) => lane.submit(item)))
  expect(batches.map(({ items }) => items)).toEqual([[1]])
  await finish(0)
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4]])
  await finish(1)
  await finish(2)
  expect(await all).toEqual(['did 1', 'did 2', 'did 3', 'did 4', 'did 5'])
})

test('so many batches are under way at once and no more', async () => {
  const { lane, batches, finish } = gated(10, 2)
  const all = Promise.all([1, 2, 3].map((item) => lane.submit(item)))
  expect(batches).toHaveLength(2)
  await finish(0)
  expect(batches).toHaveLength(3)
  await finish(1)
  await finish(2)
  expect(await all).toHaveLength(3)
})

test('a bad item fails alone, its neighbours go through', async () => {
  const sizes: number[] = []
  const lane = openLane<number, number>({
    run: async (items) => {
      sizes.push(items.length)
      await new Promise((resolve) => setImmediate(resolve))
      if (items.includes(3)) throw new Error('3 breaks a rule')
      return items
    },
    batch_size_max: 10,
    in_flight_max: 1,
  })
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map((item) => lane.submit(item)))
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(sizes).toEqual([1, 3, 1, 1, 1])
})

test('after a lost connection nothing is repeated: the outcome is unknown', async () => {
  let runs = 0
  const lane = openLane<number, number>({
    run: async (items) => {
      runs++
      if (items.length > 1) throw Object.assign(new Error('Connection terminated'), { code: '57P01' })
      return items
    },
    batch_size_max: 10,
    in_flight_max: 1,
  })
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => lane.submit(item)))
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(runs).toBe(2)
})
