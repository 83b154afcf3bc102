import { expect, test } from 'vitest'
import { BoundedCache } from './bounded-cache.ts'

function open(limits: { entries_max?: number; weight_max?: number } = {}) {
  const clock = { now: 0 }
  const errors: unknown[] = []
  const cache = new BoundedCache<string>({
    entries_max: limits.entries_max ?? 10,
    weight_max: limits.weight_max ?? 1_000,
    weigh: (value) => value.length,
    now_ms: () => clock.now,
    onRefreshError: (error) => errors.push(error),
  })
  return { cache, clock, errors }
}

/** A load that completes on demand. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  let loads = 0
  const load = () => {
    loads++
    return promise
  }
  return { load, resolve, reject, count: () => loads }
}

test('concurrent readers share one load; afterwards the value is returned synchronously', async () => {
  const { cache } = open()
  const flight = held()
  const asked = [1, 2, 3].map(() => cache.get('a', 100, flight.load))
  flight.resolve('x')
  expect(await Promise.all(asked)).toEqual(['x', 'x', 'x'])
  expect(flight.count()).toBe(1)
  expect(cache.get('a', 100, flight.load)).toBe('x')
})

test('an ageing value is served while one load refreshes it; an expired one is waited for', async () => {
  const { cache, clock } = open()
  await cache.get('a', 100, async () => 'old')
  clock.now = 85
  const renewal = held()
  expect(cache.get('a', 100, renewal.load)).toBe('old')
  expect(cache.get('a', 100, renewal.load)).toBe('old')
  expect(renewal.count()).toBe(1)
  renewal.resolve('new')
  await expect.poll(() => cache.get('a', 100, renewal.load)).toBe('new')
  clock.now = 1_000
  expect(await cache.get('a', 100, async () => 'later')).toBe('later')
})

test('a failed refresh fails no reader and is reported', async () => {
  const { cache, clock, errors } = open()
  await cache.get('a', 100, async () => 'old')
  clock.now = 85
  expect(cache.get('a', 100, () => Promise.reject(new Error('away')))).toBe('old')
  await expect.poll(() => errors.length).toBe(1)
  expect(cache.get('a', 100, async () => 'new')).toBe('old')
})

test('a value read before a change is not served after it', async () => {
  const { cache } = open()
  const before = held()
  const early = cache.get('a', 100, before.load)
  cache.invalidate('a')
  const after = held()
  const late = cache.get('a', 100, after.load)
  expect(after.count()).toBe(1)
  before.resolve('stale')
  expect(await early).toBe('stale')
  after.resolve('fresh')
  expect(await late).toBe('fresh')
  expect(cache.get('a', 100, after.load)).toBe('fresh')
})

test('a prefix invalidates its keys, loads in progress included', async () => {
  const { cache } = open()
  await cache.get('event:1', 100, async () => 'x')
  await cache.get('event:1/performance:2', 100, async () => 'y')
  await cache.get('list', 100, async () => 'z')
  const flight = held()
  const waiting = cache.get('event:1/late', 100, flight.load)
  cache.invalidatePrefix('event:1')
  flight.resolve('stale')
  expect(await waiting).toBe('stale')
  expect(cache.size).toEqual({ entries: 1, weight: 1 })
})

test('bounded by number and by weight, least recently used out first; too heavy values are returned, not cached', async () => {
  const { cache } = open({ entries_max: 2, weight_max: 10 })
  await cache.get('a', 100, async () => '1')
  await cache.get('b', 100, async () => '2')
  await cache.get('a', 100, async () => 'never')
  await cache.get('c', 100, async () => '3')
  expect(cache.get('a', 100, async () => 'again')).toBe('1')
  expect(cache.size).toEqual({ entries: 2, weight: 2 })
  await cache.get('d', 100, async () => '123456789')
  expect(cache.size).toEqual({ entries: 2, weight: 10 })
  expect(await cache.get('e', 100, async () => '12345678901')).toBe('12345678901')
  expect(cache.size.entries).toBe(2)
})

test('absent values are not cached, a failure reaches every waiting reader and is not cached', async () => {
  const { cache } = open()
  expect(await cache.get('a', 100, async () => undefined)).toBeUndefined()
  expect(await cache.get('a', 100, async () => 'there now')).toBe('there now')
  await expect(cache.get('b', 100, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await cache.get('b', 100, async () => 'back')).toBe('back')
})

test('a full cache evicts the least recently used entry and is never emptied', async () => {
  const { cache } = open({ entries_max: 100 })
  for (let n = 0; n < 100; n++) await cache.get(`k${n}`, 1_000, async () => 'v')
  expect(cache.get('k0', 1_000, async () => 'loaded again')).toBe('v')
  for (let n = 100; n < 150; n++) await cache.get(`k${n}`, 1_000, async () => 'v')
  expect(cache.size.entries).toBe(100)
  expect(cache.get('k0', 1_000, async () => 'loaded again')).toBe('v')
  expect(await cache.get('k1', 1_000, async () => 'loaded again')).toBe('loaded again')
})
