import { type Db, isOutage } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { Consumer, Envelope } from '../consumer.ts'
import type { Deliveries } from '../deliveries.ts'
import type { Feed, Transport } from '../port.ts'
import { type Inbox, openInbox, StaleGenerationError } from './inbox.ts'
import { openRetries, type Retry } from './retries.ts'

/** Registered once, set by every subscriber. */
export type BusMetrics = {
  lag_seconds: ReturnType<Telemetry['gauge']>
  paused: ReturnType<Telemetry['gauge']>
  dead_letters: ReturnType<Telemetry['counter']>
}

export type SubscriberOptions = {
  consumer: Consumer
  source: string
  transport: Transport
  /** The consumer's own pool. */
  db: Db
  /** Holds the retries and the dead letters. */
  relay_db: Db
  telemetry: Telemetry
  poll_ms(): number
  pause_max_ms: number
  deliveries: Deliveries
  metrics: BusMetrics
}

const BATCH_MAX = 200
const PAUSE_FIRST_MS = 100
const TRIES_MAX = 6
const RETRY_FIRST_S = 0.1

/**
 * One consumer of one source. States: asleep (until a nudge or the poll) → reading → handling a batch in one
 * transaction with its inbox rows. A failed batch is handled again event by event: the failing one goes to the retries
 * with back-off and its key waits behind it, while other keys continue; after `TRIES_MAX` attempts it is parked in the
 * dead letters and its key continues without it. In an outage, which is no fault of the event, the subscriber pauses
 * and retries without limit.
 */
export class Subscriber {
  readonly #o: SubscriberOptions
  readonly #inbox: Inbox
  readonly #retries: ReturnType<typeof openRetries>
  #feed: Feed
  #stopped = false
  #wake: (() => void) | undefined
  #nudged = false
  #waiting_since_ms: number | undefined
  /** Keys with an event in the retries: later events of theirs must wait. */
  #blocked = new Set<string>()

  constructor(options: SubscriberOptions) {
    this.#o = options
    this.#inbox = openInbox(options)
    this.#retries = openRetries(options.relay_db, { consumer: options.consumer.name, source: options.source })
    this.#feed = this.#openFeed()
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
    const { consumer, source, telemetry, metrics } = this.#o
    this.#stopped = false
    let begun = false
    let pause_ms = PAUSE_FIRST_MS
    while (!this.#stopped) {
      try {
        if (!begun) await this.#begin()
        begun = true
        const wait_ms = await this.#step()
        metrics.paused.set({ consumer: consumer.name, source }, 0)
        pause_ms = PAUSE_FIRST_MS
        if (wait_ms > 0) await this.#sleep(wait_ms)
      } catch (error) {
        if (this.#stopped) return
        begun = false
        if (error instanceof StaleGenerationError) continue
        telemetry.log.warn({ err: error, consumer: consumer.name, source }, 'consumer paused by an outage')
        metrics.paused.set({ consumer: consumer.name, source }, 1)
        // A nudge does not end the pause early: under load every failure comes with one.
        await this.#rest(Math.min(pause_ms, this.#o.pause_max_ms))
        pause_ms *= 2
      }
    }
  }

  /** True when no event published before waits for this consumer. */
  async idle(): Promise<boolean> {
    return this.#blocked.size === 0 && (await this.#feed.drained())
  }

  #openFeed(): Feed {
    const { consumer, source, transport } = this.#o
    return transport.open({ consumer: consumer.name, source, topics: consumer.topics })
  }

  /** The generation is read before anything else: events read under an older one must not be handled. */
  async #begin(): Promise<void> {
    await this.#inbox.begin()
    this.#feed = this.#openFeed()
    this.#blocked = await this.#retries.keys()
  }

  async #step(): Promise<number> {
    this.#nudged = false
    const { events, more, read_again_ms } = await this.#feed.read(BATCH_MAX)
    this.#setLag(events, read_again_ms !== null)
    if (events.length > 0) await this.#take(events)
    await this.#feed.acknowledge()
    if (this.#blocked.size > 0) await this.#retryDue()
    if (more) return 0
    if (events.length > 0 && this.#o.consumer.pace_ms !== undefined) {
      await this.#rest(this.#o.consumer.pace_ms)
      return 0
    }
    if (this.#nudged) return 0
    const polled_ms = this.#o.poll_ms()
    const poll_ms = this.#blocked.size > 0 ? Math.min(polled_ms, RETRY_FIRST_S * 1_000) : polled_ms
    return Math.min(poll_ms, read_again_ms ?? poll_ms)
  }

  /** The age of the oldest event of this batch, or the time for which undeliverable events have waited. */
  #setLag(events: readonly Envelope[], isWaiting: boolean): void {
    const { consumer, source, metrics } = this.#o
    const now_ms = Date.now()
    this.#waiting_since_ms = isWaiting ? (this.#waiting_since_ms ?? now_ms) : undefined
    const oldest_ms = events.reduce(
      (least, event) => Math.min(least, Date.parse(event.occurred_at)),
      this.#waiting_since_ms ?? now_ms,
    )
    metrics.lag_seconds.set({ consumer: consumer.name, source }, Math.max(0, now_ms - oldest_ms) / 1_000)
  }

  async #take(events: readonly Envelope[]): Promise<void> {
    const waiting = events.filter((event) => this.#blocked.has(event.key))
    const free = events.filter((event) => !this.#blocked.has(event.key))
    if (waiting.length > 0) await this.#queueBehind(waiting)
    if (free.length === 0) return
    try {
      await this.#handle(free)
    } catch (error) {
      if (isPause(error)) throw error
      for (const event of free) await this.#takeAlone(event)
    }
  }

  async #takeAlone(event: Envelope): Promise<void> {
    if (this.#blocked.has(event.key)) return this.#queueBehind([event])
    try {
      await this.#handle([event])
    } catch (error) {
      if (isPause(error)) throw error
      this.#blocked.add(event.key)
      await this.#retries.postpone([event], 1, RETRY_FIRST_S, messageOf(error))
    }
  }

  async #queueBehind(events: readonly Envelope[]): Promise<void> {
    await this.#retries.postpone(events, 0, 0, 'waits behind an earlier event of its key')
  }

  async #handle(events: readonly Envelope[]): Promise<void> {
    await this.#inbox.take(events)
    this.#o.deliveries.took(
      this.#o.consumer.name,
      events.map((event) => event.event_id),
    )
  }

  async #retryDue(): Promise<void> {
    for (const retry of await this.#retries.due()) await this.#retry(retry)
    this.#blocked = await this.#retries.keys()
  }

  async #retry({ attempt: attempts, ...event }: Retry): Promise<void> {
    const { consumer, telemetry, metrics } = this.#o
    try {
      await this.#handle([event])
      await this.#retries.forget(event.event_id)
    } catch (error) {
      if (isPause(error)) throw error
      const attempt = attempts + 1
      if (attempt < TRIES_MAX) {
        await this.#retries.postpone([event], attempt, RETRY_FIRST_S * 2 ** (attempt - 1), messageOf(error))
        return
      }
      telemetry.log.error(
        { err: error, consumer: consumer.name, event_id: event.event_id, topic: event.topic },
        'event parked in the dead letters',
      )
      metrics.dead_letters.inc({ consumer: consumer.name })
      await this.#retries.park(event, messageOf(error))
    }
  }

  /** Like `#sleep`, but not ended early by new events. */
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

function isPause(error: unknown): boolean {
  return error instanceof StaleGenerationError || isOutage(error)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
