import { expect, test } from 'vitest'
import { AvailabilityCache, type Claims } from './availability-cache.ts'
import { DatabaseClock } from './database-clock.ts'
import { KEYS_KEPT_MS, KnownKeys } from './known-keys.ts'

function setup(claims: Claims[] = []) {
  let monotonic_ms = 0
  const clock = new DatabaseClock(() => monotonic_ms)
  const loads: ((rows: Claims[]) => void)[] = []
  const availability = new AvailabilityCache({
    clock,
    loadClaims: () => new Promise((resolve) => loads.push(resolve)),
    onError: (error) => {
      throw error
    },
  })
  return { clock, availability, loads, claims, pass: (ms: number) => (monotonic_ms += ms) }
}

test('a cold availability cache refuses nothing', () => {
  const { availability } = setup()
  availability.took(1, [3], Infinity)
  expect(availability.surelyTaken(1, 10, [3])).toEqual([])
})

test('a warm availability cache refuses taken seats until the latest possible expiry, never longer', async () => {
  const { clock, availability, loads, pass } = setup()
  // The request was sent at monotonic 0 and the database observed 1,000,000: now it shows at most that plus the time
  // since.
  clock.observe(1_000_000, 0)
  const warming = availability.warm(1, 20)
  loads[0]?.([
    { until_ms: Infinity, seats: '2,0,17' },
    { until_ms: 1_000_500, seats: '3' },
  ])
  await warming
  expect(availability.surelyTaken(1, 20, [0, 1, 2, 3, 7, 17])).toEqual([0, 2, 3, 17])
  pass(499)
  expect(availability.surelyTaken(1, 10, [3])).toEqual([3])
  pass(1)
  expect(availability.surelyTaken(1, 10, [3])).toEqual([])
  expect(availability.surelyTaken(1, 10, [2])).toEqual([2])
})

test('changes during a load are applied to its result', async () => {
  const { clock, availability, loads } = setup()
  clock.observe(1_000_000, 0)
  const warming = availability.warm(1, 10)
  availability.freed(1, [4])
  availability.took(1, [5], Infinity)
  loads[0]?.([{ until_ms: Infinity, seats: '4' }])
  await warming
  expect(availability.surelyTaken(1, 10, [4, 5])).toEqual([5])
})

test('before the first clock observation only sold seats are refused', async () => {
  const { availability, loads } = setup()
  const warming = availability.warm(1, 10)
  loads[0]?.([{ until_ms: 9e12, seats: '1' }])
  await warming
  expect(availability.surelyTaken(1, 10, [1])).toEqual([])
})

test('the key filter contains every added key and, once complete, rules out most unknown ones', () => {
  const keys = new KnownKeys()
  expect(keys.mayHave('usr', 'anything')).toBe(true)
  for (let i = 0; i < 5_000; i++) keys.add('usr', `k${i}`)
  keys.completed()
  for (let i = 0; i < 5_000; i++) expect(keys.mayHave('usr', `k${i}`)).toBe(true)
  const strangers = Array.from({ length: 5_000 }, (_, i) => keys.mayHave('usr', `other${i}`)).filter(Boolean)
  expect(strangers.length).toBeLessThan(5)
})

test('the key filter contains a key for seven days, and drops it after fourteen', () => {
  let now_ms = 0
  const keys = new KnownKeys(
    () => false,
    () => now_ms,
  )
  keys.completed()
  keys.add('usr', 'first')
  now_ms = KEYS_KEPT_MS - 1
  keys.add('usr', 'late in the first week')
  now_ms = 2 * KEYS_KEPT_MS - 2
  keys.add('usr', 'second week')
  expect(keys.mayHave('usr', 'late in the first week')).toBe(true)
  now_ms = 3 * KEYS_KEPT_MS - 2
  keys.add('usr', 'third week')
  const known = ['first', 'late in the first week', 'second week', 'third week'].map((key) => keys.mayHave('usr', key))
  expect(known).toEqual([false, false, true, true])
})

test('a recently used performance stays cached, however many others follow: the cache evicts the least recently used', async () => {
  const { clock, availability, loads } = setup()
  clock.observe(1_000_000, 0)
  const warming = availability.warm(1, 1)
  loads[0]?.([{ until_ms: Infinity, seats: '0' }])
  await warming
  for (let other = 2; other < 1_200; other++) {
    void availability.warm(other, 1)
    expect(availability.surelyTaken(1, 1, [0])).toEqual([0])
  }
})

test('forgetting one performance leaves the others known', async () => {
  const { clock, availability, loads } = setup()
  clock.observe(1_000_000, 0)
  const warming = [1, 2].map((performance_no) => availability.warm(performance_no, 1))
  for (const load of loads) load([{ until_ms: Infinity, seats: '0' }])
  await Promise.all(warming)
  availability.forget(1)
  expect([1, 2].map((performance_no) => availability.surelyTaken(performance_no, 1, [0]))).toEqual([[], [0]])
})

test('the first access warms the availability cache, however young the process is', async () => {
  const { clock, availability, loads } = setup()
  clock.observe(1_000_000, 0)
  expect(availability.surelyTaken(1, 10, [1])).toEqual([])
  loads[0]?.([{ until_ms: Infinity, seats: '1' }])
  await expect.poll(() => availability.surelyTaken(1, 10, [1])).toEqual([1])
})
