import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Batcher, type BatcherOptions, SaturatedError } from './batcher.ts'

type Item = { id: number; keys: readonly string[]; group?: string }
type Flight = { items: readonly Item[]; done: PromiseWithResolvers<readonly string[]> }

/** A batcher whose batches complete when the test says so; turns of the event loop are ended by hand. */
function controlled(options: Partial<BatcherOptions<Item, string>> = {}) {
  const flights: Flight[] = []
  const deferred: (() => void)[] = []
  const batcher = new Batcher<Item, string>({
    batch_size_max: 3,
    in_flight_max: 1,
    queue_length_max: 100,
    keysOf: (item) => item.keys,
    run: (items) => {
      const done = Promise.withResolvers<readonly string[]>()
      flights.push({ items, done })
      return done.promise
    },
    defer: (work) => deferred.push(work),
    ...options,
  })
  const turn = (): void => {
    for (const work of deferred.splice(0)) work()
  }
  const land = async (index: number): Promise<void> => {
    const flight = flights[index]
    flight?.done.resolve(flight.items.map(({ id }) => `did ${id}`))
    await settled()
  }
  const submit = (...items: Item[]): Promise<string>[] => items.map((one) => batcher.submit(one))
  const arrive = (...items: Item[]): void => {
    for (const one of items) void batcher.submit(one)
  }
  const ids = (): number[][] => flights.map(({ items }) => items.map(({ id }) => id))
  return { batcher, flights, turn, land, ids, submit, arrive }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const item = (id: number, ...keys: string[]): Item => ({ id, keys })
const connectionLost = (): Error => Object.assign(new Error('Connection terminated'), { code: '57P01' })

test('a batch in flight keeps the next one gathering, until it has taken too long or the next one is full', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { turn, ids, arrive } = controlled({ in_flight_max: 3, overlap_after_ms: 20 })
  arrive(item(1))
  turn()
  arrive(item(2))
  turn()
  vi.advanceTimersByTime(19)
  expect(ids()).toEqual([[1]])
  arrive(item(3))
  turn()
  vi.advanceTimersByTime(1)
  expect(ids()).toEqual([[1], [2, 3]])
  arrive(item(4), item(5), item(6))
  turn()
  expect(ids()).toEqual([[1], [2, 3], [4, 5, 6]])
})

test('an answer sends the next batch at once', async () => {
  const { turn, land, ids, arrive } = controlled({ in_flight_max: 2, overlap_after_ms: 60_000 })
  arrive(item(1))
  turn()
  arrive(item(2), item(3))
  turn()
  await land(0)
  expect(ids()).toEqual([[1], [2, 3]])
})

test('items of one turn go together, later ones in the next batch, in order and up to the limit', async () => {
  const { turn, land, ids, submit } = controlled()
  const first = submit(item(1), item(2))
  turn()
  const others = submit(item(3), item(4), item(5), item(6))
  expect(ids()).toEqual([[1, 2]])
  await land(0)
  expect(ids()).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
  await land(1)
  await land(2)
  expect(await Promise.all([...first, ...others])).toEqual([1, 2, 3, 4, 5, 6].map((id) => `did ${id}`))
})

test('no key is in flight twice, and no item overtakes one that shares a key with it', async () => {
  const { turn, land, ids, arrive } = controlled({ in_flight_max: 2 })
  arrive(item(1, 'a'))
  turn()
  arrive(item(2, 'a', 'b'), item(3, 'b'), item(4, 'c'))
  turn()
  // 3 shares `b` with 2, which waits for `a`.
  expect(ids()).toEqual([[1], [4]])
  await land(0)
  expect(ids()).toEqual([[1], [4], [2]])
  await land(2)
  expect(ids()).toEqual([[1], [4], [2], [3]])
})

test('a batch holds one group', async () => {
  const { turn, land, ids, arrive } = controlled({ groupOf: ({ group }) => group })
  arrive({ ...item(1), group: 'x' }, { ...item(2), group: 'y' }, { ...item(3), group: 'x' })
  turn()
  await land(0)
  expect(ids()).toEqual([[1, 3], [2]])
})

test('an early answer leaves with no batch', async () => {
  const { turn, ids, submit } = controlled({ answerEarly: ({ id }) => (id === 2 ? 'known' : undefined) })
  const [, second] = submit(item(1), item(2))
  turn()
  expect(await second).toBe('known')
  expect(ids()).toEqual([[1]])
})

test('a full queue refuses and every item is settled once', async () => {
  const done: number[] = []
  const { turn, land, submit } = controlled({ queue_length_max: 2, settled: ({ id }) => done.push(id) })
  const [first, second, third] = submit(item(1), item(2), item(3))
  await expect(third).rejects.toThrow(SaturatedError)
  turn()
  await land(0)
  expect(await Promise.all([first, second])).toEqual(['did 1', 'did 2'])
  expect(done.sort()).toEqual([1, 2, 3])
})

test('drain waits for queued items and those in flight', async () => {
  const { batcher, turn, land, arrive } = controlled({ batch_size_max: 1 })
  await batcher.drain()
  arrive(item(1), item(2))
  turn()
  let drained = false
  const drain = batcher.drain().then(() => {
    drained = true
  })
  await land(0)
  expect(drained).toBe(false)
  await land(1)
  await drain
  expect(drained).toBe(true)
})

test('with split_on_failure a bad item fails alone; without it the batch fails; a missing result is a failure', async () => {
  const sizes: number[] = []
  const run = async (items: readonly Item[]): Promise<readonly string[]> => {
    sizes.push(items.length)
    if (items.some(({ id }) => id === 2)) throw new Error('2 breaks a rule')
    return items.map(() => 'done')
  }
  const split = controlled({ run, split_on_failure: true })
  const apart = Promise.allSettled(split.submit(item(1), item(2), item(3)))
  split.turn()
  expect((await apart).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(sizes).toEqual([3, 1, 1, 1])
  const whole = controlled({ run })
  const together = Promise.allSettled(whole.submit(item(1), item(2)))
  whole.turn()
  expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const short = controlled({ run: async () => ['only one'] })
  const unanswered = Promise.allSettled(short.submit(item(1), item(3)))
  short.turn()
  expect((await unanswered).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('after a lost connection nothing is retried: the outcome is unknown', async () => {
  let runs = 0
  const { turn, submit } = controlled({
    split_on_failure: true,
    run: async () => {
      runs++
      throw connectionLost()
    },
  })
  const outcomes = Promise.allSettled(submit(item(1), item(2)))
  turn()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(runs).toBe(1)
})

const script = fc.array(
  fc.oneof(
    fc.record({ submit: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }) }),
    fc.constant('turn' as const),
    fc.record({ land: fc.nat(5) }),
  ),
  { maxLength: 60 },
)

test('under any interleaving: no key twice in flight, keys served in order of arrival, every item answered once', async () => {
  await fc.assert(
    fc.asyncProperty(script, async (steps) => {
      const { flights, turn, land, submit } = controlled({ in_flight_max: 3 })
      const landed = new Set<number>()
      const answers: Promise<string>[] = []
      const check = (): void => {
        const open = flights.filter((_flight, index) => !landed.has(index))
        expect(open.length).toBeLessThanOrEqual(3)
        const keys = open.flatMap(({ items }) => items.flatMap((one) => one.keys))
        expect(new Set(keys).size).toBe(keys.length)
      }
      const landOne = async (index: number): Promise<void> => {
        landed.add(index)
        await land(index)
      }
      for (const step of steps) {
        if (step === 'turn') turn()
        else if ('submit' in step) answers.push(...submit(item(answers.length, ...step.submit)))
        else {
          const open = [...flights.keys()].filter((index) => !landed.has(index))
          const index = open[step.land % Math.max(1, open.length)]
          if (index !== undefined) await landOne(index)
        }
        check()
      }
      turn()
      for (let index = 0; index < flights.length; index++) if (!landed.has(index)) await landOne(index)
      expect(await Promise.all(answers)).toEqual(answers.map((_answer, id) => `did ${id}`))
      const served = flights.flatMap(({ items }) => [...items])
      for (const key of 'abcd') {
        const ids = served.filter((one) => one.keys.includes(key)).map(({ id }) => id)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      }
    }),
  )
})

test('a rush that is answered early is answered completely, however many wait, and drains', async () => {
  const taken = new Set<string>()
  const { batcher, submit, turn, land } = controlled({
    queue_length_max: 20_000,
    answerEarly: (item) => (taken.has(item.keys[0] ?? '') ? `early ${item.id}` : undefined),
  })
  const answers = submit(...Array.from({ length: 10_000 }, (_, id) => ({ id, keys: ['seat'] })))
  turn()
  taken.add('seat')
  await land(0)
  await batcher.drain()
  expect((await Promise.all(answers)).filter((answer) => answer.startsWith('early'))).toHaveLength(9_999)
})

test('an outage fails the batch and is not retried item by item', async () => {
  const { flights, submit, turn } = controlled({ split_on_failure: true })
  const answers = submit({ id: 1, keys: ['a'] }, { id: 2, keys: ['b'] })
  turn()
  flights[0]?.done.reject(Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }))
  expect((await Promise.allSettled(answers)).map((answer) => answer.status)).toEqual(['rejected', 'rejected'])
  expect(flights).toHaveLength(1)
})

test('a batch that PostgreSQL rolled back is decided again; other failures only where the caller says so', async () => {
  const failing = (code: string, times: number, options: Partial<BatcherOptions<Item, string>> = {}) => {
    let runs = 0
    const run = async (items: readonly Item[]): Promise<readonly string[]> => {
      if (++runs <= times) throw Object.assign(new Error('rolled back'), { code })
      return items.map(({ id }) => `did ${id} in run ${runs}`)
    }
    const { turn, submit } = controlled({ run, ...options })
    const outcomes = Promise.allSettled(submit(item(1), item(2)))
    turn()
    return outcomes
  }
  const both = [1, 2].map((id) => ({ status: 'fulfilled', value: `did ${id} in run 3` }))
  expect(await failing('40P01', 2)).toEqual(both)
  expect(await failing('40001', 2)).toEqual(both)
  expect(await failing('23505', 2, { retry_also: ['23505'] })).toEqual(both)
  for (const outcomes of [await failing('23505', 1), await failing('40P01', 99)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
