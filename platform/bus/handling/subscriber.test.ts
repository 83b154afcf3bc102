import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Db } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { consumer } from '../consumer.ts'
import { Deliveries } from '../deliveries.ts'
import { openMemoryTransport } from '../memory.fixture.ts'
import { Subscriber, type SubscriberOptions } from './subscriber.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('the wait for a nudge is computed anew each time: another process may have joined or left', async () => {
  const feed = { reads: 0 }
  const transport = openMemoryTransport(() => 0)
  const rows = { none: async () => 0, many: async () => [], one: async () => ({ generation: 0 }) }
  const db = rows as Partial<Db> as Db
  const counting = {
    ...transport,
    open: (options: Parameters<typeof transport.open>[0]) => {
      const opened = transport.open(options)
      return {
        ...opened,
        read: (limit: number) => {
          feed.reads++
          return opened.read(limit)
        },
      }
    },
  }
  let poll_ms = 250
  const subscriber = subscriberOf(db, { transport: counting, poll_ms: () => poll_ms })
  const running = subscriber.run()
  await vi.advanceTimersByTimeAsync(1_000)
  const alone = feed.reads
  poll_ms = 25
  await vi.advanceTimersByTimeAsync(1_000)
  const among_others = feed.reads - alone
  subscriber.stop()
  await vi.advanceTimersByTimeAsync(1_000)
  await running
  expect(alone).toBeLessThan(8)
  expect(among_others).toBeGreaterThan(25)
})

test('in an outage the pauses grow, although every failure comes with a nudge', async () => {
  const tries_at_ms: number[] = []
  const began_ms = performance.now()
  const db = {
    none: async () => {
      tries_at_ms.push(performance.now() - began_ms)
      subscriber.nudge()
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    },
  } as Partial<Db> as Db
  const subscriber: Subscriber = subscriberOf(db, {})
  const running = subscriber.run()
  await vi.advanceTimersByTimeAsync(3_500)
  subscriber.stop()
  await vi.advanceTimersByTimeAsync(5_000)
  await running
  expect(tries_at_ms.map(Math.round)).toEqual([0, 100, 300, 700, 1_500, 3_100])
})

function subscriberOf(db: Db, changes: Partial<SubscriberOptions>): Subscriber {
  const telemetry = createTelemetry({ level: 'fatal', service: 'test' })
  return new Subscriber({
    consumer: consumer<{ 'shop.sold': object }>('test.outage', 'idempotent', { 'shop.sold': async () => undefined }),
    source: 'shop',
    transport: openMemoryTransport(() => 0),
    db,
    relay_db: db,
    telemetry,
    poll_ms: () => 1_000,
    pause_max_ms: 2_000,
    deliveries: new Deliveries(db),
    metrics: {
      lag_seconds: telemetry.gauge('lag', 'lag', ['consumer', 'source']),
      paused: telemetry.gauge('paused', 'paused', ['consumer', 'source']),
      dead_letters: telemetry.counter('letters', 'letters', ['consumer']),
    },
    ...changes,
  })
}
