import type { Db } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { Consumer } from './consumer.ts'
import { Deliveries } from './deliveries.ts'
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
const LOCK_RETRY_MS = 200
const DELIVERED_TIMEOUT_MS = 3_000

/**
 * Carries events from every outbox to their consumers. One process leads (a session lock on a connection of its own);
 * should two ever overlap, the inbox still makes each effect happen once.
 */
export function openRelay(options: RelayOptions): Relay {
  const deliveries = new Deliveries(options.db)
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
        }),
    ),
  )
  let leading = false
  let closing = false
  let release: (() => void) | undefined
  let standing: Promise<void> | undefined

  const stand = async (): Promise<void> => {
    while (!closing) {
      try {
        await lead()
      } catch (error) {
        if (!closing) options.telemetry.log.warn({ err: error }, 'the relay lost its lock and stands again')
      }
      leading = false
      if (!closing) await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS))
    }
  }

  const lead = async (): Promise<void> => {
    const client = await options.db.connect()
    let end: () => void = () => undefined
    const lost = new Promise<void>((resolve) => {
      end = resolve
    })
    client.on('error', end)
    client.on('end', end)
    let held = false
    try {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [LOCK])
      held = rows[0]?.held === true
      if (!held || closing) return
      leading = true
      release = end
      const loops = subscriptions.map((subscription) => subscription.run())
      await lost
      for (const subscription of subscriptions) subscription.stop()
      await Promise.all(loops)
    } finally {
      client.off('error', end)
      client.off('end', end)
      client.release(held ? new Error('the relay ends its session') : undefined)
    }
  }

  return {
    start: () => {
      standing = stand()
    },
    nudge: (topics) => {
      const published = new Set(topics)
      for (const subscription of subscriptions) if (subscription.takesAny(published)) subscription.nudge()
    },
    leading: () => leading,
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
      closing = true
      release?.()
      await standing
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
