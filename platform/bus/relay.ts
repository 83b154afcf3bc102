import type { Db } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { Consumer } from './consumer.ts'
import { Deliveries } from './deliveries.ts'
import { type Leadership, standForLead } from './leadership.ts'
import { contextOf, identifier } from './outbox.ts'
import { Subscription } from './subscription.ts'

export type RelayOptions = {
  /** Acts as `tessera_relay`. */
  db: Db
  consumers: readonly { consumer: Consumer; db: Db }[]
  telemetry: Telemetry
  /** How often to look without having been nudged: the net under lost nudges. */
  poll_ms: number
}

export type Relay = {
  /** Takes the lock and starts; with several processes one relays and the others stand by. */
  start(): void
  /** These topics were published: whoever takes them looks now. */
  nudge(topics: Iterable<string>): void
  leading(): boolean
  /** Resolves true once each of these consumers has taken the event, false at the time-out. */
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
  /** Resolves when every consumer has taken everything published before the call: for tests. */
  settle(): Promise<void>
  close(): Promise<void>
}

const LOCK = 7_236_470_002
const DELIVERED_TIMEOUT_MS = 3_000

/**
 * Carries events from every outbox to their consumers. One process leads (a session lock on a connection of its own);
 * should two ever overlap, the inbox still makes each effect happen once.
 */
export function openRelay(options: RelayOptions): Relay {
  const deliveries = new Deliveries(options.db)
  const metrics = {
    lag_seconds: options.telemetry.gauge('bus_lag_seconds', 'How long the oldest event has waited for its consumer', [
      'consumer',
      'source',
    ]),
    dead_letters: options.telemetry.counter('bus_dead_letters_total', 'Events parked after their last try', [
      'consumer',
    ]),
  }
  const subscriptions = options.consumers.flatMap(({ consumer, db }) =>
    [...new Set(consumer.topics.map(contextOf))].map(
      (source) =>
        new Subscription({
          consumer,
          source,
          db,
          relay_db: options.db,
          telemetry: options.telemetry,
          poll_ms: options.poll_ms,
          deliveries,
          metrics,
        }),
    ),
  )
  const begin = (): (() => Promise<void>) => {
    const loops = subscriptions.map((subscription) => subscription.run())
    return async () => {
      for (const subscription of subscriptions) subscription.stop()
      await Promise.all(loops)
    }
  }
  let leadership: Leadership | undefined
  return {
    start: () => {
      leadership = standForLead({ db: options.db, lock: LOCK, log: options.telemetry.log, begin })
    },
    nudge: (topics) => {
      const published = new Set(topics)
      for (const subscription of subscriptions) if (subscription.takesAny(published)) subscription.nudge()
    },
    leading: () => leadership?.leading() === true,
    delivered: (event_id, consumers, timeout_ms = DELIVERED_TIMEOUT_MS) =>
      deliveries.wait(event_id, consumers, timeout_ms),
    settle: async () => {
      let moved = true
      while (moved) {
        moved = false
        for (const subscription of subscriptions) {
          if (!(await subscription.idle())) {
            moved = true
            subscription.nudge()
            await new Promise((resolve) => setImmediate(resolve))
          }
        }
      }
    },
    close: async () => {
      await leadership?.close()
    },
  }
}

/**
 * Has a consumer take every event from the start again: its cursor, inbox and parked letters are forgotten. Its tables
 * are rebuilt by handlers that are idempotent. Run by the owner.
 */
export async function replay(owner: Db, consumer: string): Promise<void> {
  const schema = identifier(contextOf(consumer))
  await owner.transaction(async (tx) => {
    await tx.query(`delete from ${schema}.inbox where consumer = $1`, [consumer])
    await tx.query('delete from platform.bus_cursors where consumer = $1', [consumer])
    await tx.query('delete from platform.bus_retries where consumer = $1', [consumer])
    await tx.query('delete from platform.dead_letters where consumer = $1', [consumer])
  })
}
