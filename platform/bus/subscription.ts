import { type Db, isConnectionLoss, loadSql } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { Consumer } from './consumer.ts'
import type { Deliveries } from './deliveries.ts'
import { type Ahead, isBefore, type OutboxRow, type Place, readAhead, readEvent, readStatement } from './outbox.ts'

const sql = loadSql(
  import.meta.url,
  ['advance', 'postpone', 'retry_keys', 'due_retries', 'forget_retry', 'park', 'enter_inbox'],
  './relay.sql',
)

/** Registered once, told by every subscription. */
export type BusMetrics = {
  lag_seconds: ReturnType<Telemetry['gauge']>
  dead_letters: ReturnType<Telemetry['counter']>
}

export type SubscriptionOptions = {
  consumer: Consumer
  source: string
  /** The consumer's own pool. */
  db: Db
  relay_db: Db
  telemetry: Telemetry
  poll_ms: number
  deliveries: Deliveries
  metrics: BusMetrics
}

const BATCH_MAX = 200
/** How soon to look again when a row stood above the xmin horizon. */
const HORIZON_WAIT_MS = 2
const OUTAGE_WAIT_MS = 250
/** How often the cursor passes rows of other topics, which would be read over and over else. */
const PASS_EVERY_MS = 1_000
const TRIES_MAX = 6
const RETRY_FIRST_S = 0.1

type RetryRow = { event_id: string; xid: string; id: number; key: string; attempt: number; due: boolean }

/**
 * One consumer reading one source. Modes: asleep (until a nudge or the poll) → reading → taking a batch in one
 * transaction with its inbox rows. A batch that fails is taken again event by event: the one that fails goes to the
 * retries with back-off and its key waits behind it, other keys go on; after `TRIES_MAX` tries it is parked in the dead
 * letters and its key goes on without it. An outage of PostgreSQL is no failure of the event: the batch just waits.
 */
export class Subscription {
  readonly #o: SubscriptionOptions
  readonly #statement
  #stopped = false
  #wake: (() => void) | undefined
  #nudged = false
  #passed_at_ms = 0
  /** Keys with an event in the retries: those behind it must wait. */
  #blocked = new Set<string>()

  constructor(options: SubscriptionOptions) {
    this.#o = options
    this.#statement = readStatement(options.source)
  }

  takesAny(topics: ReadonlySet<string>): boolean {
    return this.#o.consumer.topics.some((topic) => topics.has(topic))
  }

  nudge(): void {
    this.#nudged = true
    this.#wake?.()
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async run(): Promise<void> {
    this.#stopped = false
    let first = true
    while (!this.#stopped) {
      try {
        if (first) await this.#loadBlocked()
        first = false
        const wait_ms = await this.#step()
        if (wait_ms > 0) await this.#sleep(wait_ms)
      } catch (error) {
        if (this.#stopped) return
        this.#o.telemetry.log.warn(
          { err: error, consumer: this.#o.consumer.name },
          'the relay could not read; it tries again',
        )
        await this.#sleep(OUTAGE_WAIT_MS)
      }
    }
  }

  /** True when nothing waits for this consumer. */
  async idle(): Promise<boolean> {
    return this.#blocked.size === 0 && (await this.#read(1)).rows.length === 0
  }

  async #step(): Promise<number> {
    this.#nudged = false
    const { from, tail, rows } = await this.#read(BATCH_MAX)
    this.#tellLag(rows[0])
    const unready = rows.findIndex((row) => !row.ready)
    const ready = unready < 0 ? rows : rows.slice(0, unready)
    const last = ready.at(-1) ?? null
    if (ready.length > 0) await this.#take(ready)
    // Unless the batch was full, all of ours up to the tail is taken: what is not ready lies beyond it.
    if (ready.length === BATCH_MAX) await this.#advance(from, last)
    else if (last !== null || this.#mayPass()) await this.#advance(from, tail)
    if (this.#blocked.size > 0) await this.#retryDue()
    if (ready.length === BATCH_MAX) return 0
    if (last !== null && this.#o.consumer.pace_ms !== undefined) {
      await this.#rest(this.#o.consumer.pace_ms)
      return 0
    }
    if (unready >= 0) return HORIZON_WAIT_MS
    if (this.#nudged) return 0
    return this.#blocked.size > 0 ? Math.min(this.#o.poll_ms, RETRY_FIRST_S * 1_000) : this.#o.poll_ms
  }

  /** How long the oldest event has waited for this consumer. */
  #tellLag(oldest: OutboxRow | undefined): void {
    const lag_ms = oldest === undefined ? 0 : Date.now() - Date.parse(oldest.occurred_at)
    const { consumer, source, metrics } = this.#o
    metrics.lag_seconds.set({ consumer: consumer.name, source }, Math.max(0, lag_ms) / 1_000)
  }

  #read(limit: number): Promise<Ahead> {
    const { consumer, source, relay_db } = this.#o
    return readAhead(relay_db, this.#statement, { consumer: consumer.name, source, topics: consumer.topics, limit })
  }

  #mayPass(): boolean {
    return performance.now() - this.#passed_at_ms >= PASS_EVERY_MS
  }

  async #advance(from: Place | null, to: Place | null): Promise<void> {
    if (to === null || !isBefore(from, to)) return
    const { consumer, source, relay_db } = this.#o
    this.#passed_at_ms = performance.now()
    await relay_db.none(sql.advance, {
      consumer: consumer.name,
      source,
      xid: to.xid,
      id: to.id,
      from_xid: from?.xid ?? null,
      from_id: from?.id ?? null,
    })
  }

  async #take(rows: readonly OutboxRow[]): Promise<void> {
    const waiting = rows.filter((row) => this.#blocked.has(row.key))
    const free = rows.filter((row) => !this.#blocked.has(row.key))
    if (waiting.length > 0) await this.#postpone(waiting, 0, 'waits behind an earlier event of its key')
    if (free.length > 0) {
      try {
        await this.#handle(free)
      } catch (error) {
        if (isConnectionLoss(error)) throw error
        await this.#takeOneByOne(free)
      }
    }
  }

  async #takeOneByOne(rows: readonly OutboxRow[]): Promise<void> {
    for (const row of rows) {
      if (this.#blocked.has(row.key)) {
        await this.#postpone([row], 0, 'waits behind an earlier event of its key')
        continue
      }
      try {
        await this.#handle([row])
      } catch (error) {
        if (isConnectionLoss(error)) throw error
        this.#blocked.add(row.key)
        await this.#postpone([row], 1, messageOf(error))
      }
    }
  }

  /** The events' effects and their inbox rows, together or not at all. */
  async #handle(rows: readonly OutboxRow[]): Promise<void> {
    const { consumer, db, deliveries } = this.#o
    const event_ids = rows.map((row) => row.event_id)
    const fresh = await db.transaction(async (tx) => {
      const entered = await tx.many<{ event_id: string }>(sql.enter_inbox, { consumer: consumer.name, event_ids })
      const news = new Set(entered.map((row) => row.event_id))
      const events = rows.filter((row) => news.has(row.event_id))
      if (consumer.handleAll !== undefined) await consumer.handleAll(tx, events)
      else for (const event of events) await consumer.handle(tx, event)
      return events
    })
    if (fresh.length > 0) consumer.committed?.(fresh)
    deliveries.took(consumer.name, event_ids)
  }

  async #retryDue(): Promise<void> {
    const { consumer, source, relay_db } = this.#o
    const heads = await relay_db.many<RetryRow>(sql.due_retries, { consumer: consumer.name, source })
    for (const head of heads) if (head.due) await this.#retry(head)
    await this.#loadBlocked()
  }

  async #retry(row: RetryRow): Promise<void> {
    const { consumer, source, relay_db, telemetry, metrics } = this.#o
    const event = await readEvent(relay_db, source, `${row.xid}/${row.id}`)
    try {
      await this.#handle([event])
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      const attempt = row.attempt + 1
      if (attempt < TRIES_MAX) return this.#postpone([event], attempt, messageOf(error))
      telemetry.log.error(
        { err: error, consumer: consumer.name, event_id: event.event_id, topic: event.topic },
        'event parked in the dead letters',
      )
      metrics.dead_letters.inc({ consumer: consumer.name })
      await relay_db.none(sql.park, {
        consumer: consumer.name,
        source,
        event_id: event.event_id,
        topic: event.topic,
        key: event.key,
        payload: JSON.stringify(event.payload),
        error: messageOf(error),
      })
    }
    await relay_db.none(sql.forget_retry, { consumer: consumer.name, event_id: row.event_id })
  }

  async #postpone(rows: readonly OutboxRow[], attempt: number, error: string): Promise<void> {
    const { consumer, source, relay_db } = this.#o
    await relay_db.none(sql.postpone, {
      consumer: consumer.name,
      source,
      attempt,
      delay_s: attempt === 0 ? 0 : RETRY_FIRST_S * 2 ** (attempt - 1),
      error,
      event_ids: rows.map((row) => row.event_id),
      xids: rows.map((row) => row.xid),
      ids: rows.map((row) => row.id),
      keys: rows.map((row) => row.key),
    })
  }

  async #loadBlocked(): Promise<void> {
    const { consumer, source, relay_db } = this.#o
    const rows = await relay_db.many<{ key: string }>(sql.retry_keys, { consumer: consumer.name, source })
    this.#blocked = new Set(rows.map((row) => row.key))
  }

  /** As `#sleep`, but what is published meanwhile does not wake it. */
  async #rest(time_ms: number): Promise<void> {
    const until_ms = performance.now() + time_ms
    for (let left_ms = time_ms; left_ms > 0 && !this.#stopped; left_ms = until_ms - performance.now()) {
      this.#nudged = false
      await this.#sleep(left_ms)
    }
  }

  #sleep(at_most_ms: number): Promise<void> {
    if (this.#nudged || this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, at_most_ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
