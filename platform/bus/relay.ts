import type { Db } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { Consumer } from './consumer.ts'
import { Deliveries } from './deliveries.ts'
import { type Letters, openLetters } from './handling/letters.ts'
import { replay } from './handling/replay.ts'
import { type BusMetrics, Subscriber } from './handling/subscriber.ts'
import { type Leadership, standForLead } from './leadership.ts'
import { contextOf, type Transport } from './port.ts'

export type RelayOptions = {
  /** Acts as `tessera_relay`: stores the retries and dead letters, and holds the leader's lock. */
  db: Db
  /** The transport. */
  transport: Transport
  consumers: readonly { consumer: Consumer; db: Db }[]
  telemetry: Telemetry
  /** Maximum wait for a nudge, computed before each wait: covers lost nudges. */
  poll_ms(): number
  /** The longest pause between two attempts during an outage. */
  pause_max_ms?: number
}

export type Relay = {
  /** Takes the lock and starts; of several processes one relays and the others stand by. */
  start(): void
  /** Notifies the consumers of these topics, which read at once. */
  nudge(topics: Iterable<string>): void
  leading(): boolean
  /** Resolves true once each of these consumers has handled the event, false at the time-out. */
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
  /** Resolves when every consumer has handled everything published before the call: for tests. */
  settle(): Promise<void>
  /** Replays all events to a consumer from the start, resetting its tables first. `owner` may write all schemas. */
  replay(owner: Db, consumer: string): Promise<void>
  letters: Letters
  close(): Promise<void>
}

const LOCK = 7_236_470_002
const DELIVERED_TIMEOUT_MS = 3_000
const PAUSE_MAX_MS = 5_000

/**
 * Delivers events to their consumers. One process leads (a session lock on a connection of its own); even if two
 * overlapped, the inbox makes each effect happen once.
 */
export function openRelay(options: RelayOptions): Relay {
  const deliveries = new Deliveries(options.db)
  const metrics = openMetrics(options.telemetry)
  const subscribers = options.consumers.flatMap(({ consumer, db }) =>
    [...new Set(consumer.topics.map(contextOf))].map(
      (source) =>
        new Subscriber({
          consumer,
          source,
          db,
          transport: options.transport,
          relay_db: options.db,
          telemetry: options.telemetry,
          poll_ms: () => options.poll_ms(),
          pause_max_ms: options.pause_max_ms ?? PAUSE_MAX_MS,
          deliveries,
          metrics,
        }),
    ),
  )
  const begin = (): (() => Promise<void>) => {
    const loops = subscribers.map((subscriber) => subscriber.run())
    return async () => {
      for (const subscriber of subscribers) subscriber.stop()
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
      for (const subscriber of subscribers) if (subscriber.takesAny(published)) subscriber.nudge()
    },
    leading: () => leadership?.leading() === true,
    delivered: (event_id, consumers, timeout_ms = DELIVERED_TIMEOUT_MS) =>
      deliveries.wait(event_id, consumers, timeout_ms),
    settle: async () => {
      let moved = true
      while (moved) {
        moved = false
        for (const subscriber of subscribers) {
          if (!(await subscriber.idle())) {
            moved = true
            subscriber.nudge()
            await new Promise((resolve) => setImmediate(resolve))
          }
        }
      }
    },
    replay: async (owner, name) => {
      const found = options.consumers.find(({ consumer }) => consumer.name === name)
      if (found === undefined) throw new Error(`There is no consumer ${name}`)
      await replay(owner, options.transport, found.consumer)
    },
    letters: openLetters({ relay_db: options.db, consumers: options.consumers, deliveries }),
    close: async () => {
      await leadership?.close()
    },
  }
}

function openMetrics(telemetry: Telemetry): BusMetrics {
  const labels = ['consumer', 'source']
  return {
    lag_seconds: telemetry.gauge('bus_lag_seconds', 'How long the oldest event has waited for its consumer', labels),
    paused: telemetry.gauge('bus_paused', '1 while an outage pauses the consumer', labels),
    dead_letters: telemetry.counter('bus_dead_letters_total', 'Events parked after their last try', ['consumer']),
  }
}
