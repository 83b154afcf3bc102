import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPolicy, DeadlineError, RefusedUnsentError } from './index.ts'

class Passing extends Error {}

const isTransient = (error: unknown): boolean => error instanceof Passing

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Advances the clock until the promise has settled. */
async function outcomeOf<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await vi.runAllTimersAsync()
  return settled
}

/** A service that answers as scripted, one entry per call, and records the time of each. */
function neighbour(answers: readonly (Error | string)[]) {
  const asked_at_ms: number[] = []
  return {
    asked_at_ms,
    work: async (): Promise<string> => {
      asked_at_ms.push(Date.now())
      const answer = answers[asked_at_ms.length - 1] ?? 'late'
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

test('a transient failure is retried, at most three times, with growing and jittered delays', async () => {
  const policy = createPolicy({ name: 'provider', deadline_ms: 5_000, isTransient })
  const there = neighbour([new Passing(), new Passing(), new Passing(), 'paid'])
  expect(await outcomeOf(policy.run(there.work))).toEqual({ value: 'paid' })
  const [first = 0, ...rest] = there.asked_at_ms
  const waits = rest.map((at, index) => at - (there.asked_at_ms[index] ?? first))
  for (const [index, max_ms] of [100, 200, 400].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(max_ms / 2 - 1)
    expect(waits[index]).toBeLessThanOrEqual(max_ms + 1)
  }
  const gone = neighbour(Array.from({ length: 9 }, () => new Passing('gone')))
  expect(await outcomeOf(policy.run(gone.work))).toMatchObject({ error: { message: 'gone' } })
  expect(gone.asked_at_ms).toHaveLength(4)
})

test('an answer, also an error, is not requested twice', async () => {
  const policy = createPolicy({ name: 'provider', deadline_ms: 5_000, isTransient })
  const there = neighbour([new Error('declined')])
  expect(await outcomeOf(policy.run(there.work))).toMatchObject({ error: { message: 'declined' } })
  expect(there.asked_at_ms).toHaveLength(1)
})

test('the deadline ends the wait with an unknown outcome', async () => {
  const policy = createPolicy({ name: 'provider', deadline_ms: 5_000, isTransient })
  const outcome = await outcomeOf(policy.run(() => new Promise<never>(() => undefined)))
  expect(outcome).toMatchObject({ error: expect.any(DeadlineError) })
})

test('the breaker opens when half of the calls fail, refuses without calling, and closes after one success', async () => {
  const states: string[] = []
  const policy = createPolicy({
    name: 'provider',
    deadline_ms: 60_000,
    isTransient,
    onState: (state) => states.push(state),
  })
  for (let i = 0; i < 8; i++) await outcomeOf(policy.run(neighbour(Array(4).fill(new Passing())).work))
  expect(policy.state()).toBe('open')
  const unasked = neighbour(['paid'])
  const refused = await policy.run(unasked.work).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(RefusedUnsentError)
  expect(unasked.asked_at_ms).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(5_001)
  expect(await outcomeOf(policy.run(unasked.work))).toEqual({ value: 'paid' })
  expect(states).toEqual(['open', 'closed'])
})

test('a breaker that opens between two attempts does not hide that one was sent', async () => {
  const policy = createPolicy({ name: 'provider', deadline_ms: 60_000, isTransient })
  const errors: unknown[] = []
  while (policy.state() === 'closed') {
    errors.push(await outcomeOf(policy.run(neighbour(Array(4).fill(new Passing('sent'))).work)))
  }
  expect(errors.at(-1)).toMatchObject({ error: { message: 'sent' } })
})

test('the bulkhead admits and queues a limited number, and refuses the rest unsent', async () => {
  const policy = createPolicy({ name: 'provider', deadline_ms: 5_000, isTransient, concurrent_max: 1, queue_max: 1 })
  const first = Promise.withResolvers<string>()
  const running = policy.run(() => first.promise)
  const waiting = policy.run(async () => 'second')
  expect(await policy.run(async () => 'third').catch((error: unknown) => error)).toBeInstanceOf(RefusedUnsentError)
  first.resolve('first')
  expect([await running, await waiting]).toEqual(['first', 'second'])
})
