import { LRUCache } from 'lru-cache'
import type { Db } from '#platform/db'
import { contextOf } from './port.ts'

const REMEMBERED_MAX = 20_000
const LOOK_EVERY_MS = 25

type Waiter = { consumer: string; event_id: string; tell(): void }

/**
 * Resolves when events have been handled: by notification in memory where this process relays, otherwise by reading the
 * inbox. All waiters of a process share one query per inbox.
 */
export class Deliveries {
  readonly #db: Db
  readonly #waiting = new Map<string, Set<Waiter>>()
  readonly #taken = new LRUCache<string, true>({ max: REMEMBERED_MAX })
  #looking = false

  constructor(db: Db) {
    this.#db = db
  }

  /** A consumer's transaction with these events has committed. */
  took(consumer: string, event_ids: readonly string[]): void {
    for (const event_id of event_ids) {
      const name = nameOf(consumer, event_id)
      this.#taken.set(name, true)
      for (const waiter of this.#waiting.get(name) ?? []) waiter.tell()
    }
  }

  /** Resolves true once all of these consumers have handled the event, false after `timeout_ms`. */
  async wait(event_id: string, consumers: readonly string[], timeout_ms: number): Promise<boolean> {
    const until_ms = performance.now() + timeout_ms
    const taken = await Promise.all(
      consumers.map(
        (consumer) => this.#taken.has(nameOf(consumer, event_id)) || this.#told(consumer, event_id, until_ms),
      ),
    )
    return taken.every(Boolean)
  }

  /** For gauges and tests. */
  get waiters(): number {
    let count = 0
    for (const waiters of this.#waiting.values()) count += waiters.size
    return count
  }

  #told(consumer: string, event_id: string, until_ms: number): Promise<boolean> {
    const name = nameOf(consumer, event_id)
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(name) ?? new Set()
      const end = (taken: boolean): void => {
        clearTimeout(timer)
        waiters.delete(waiter)
        if (waiters.size === 0) this.#waiting.delete(name)
        resolve(taken)
      }
      const timer = setTimeout(() => end(false), Math.max(0, until_ms - performance.now()))
      const waiter = { consumer, event_id, tell: () => end(true) }
      this.#waiting.set(name, waiters.add(waiter))
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    while (this.#waiting.size > 0) {
      // Where this process relays, most waiters are notified before the first read.
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      // Reads again after an error; each waiter has its own deadline.
      if (this.#waiting.size > 0) await this.#readInboxes().catch(() => undefined)
    }
    this.#looking = false
  }

  async #readInboxes(): Promise<void> {
    const waiters = [...this.#waiting.values()].flatMap(([first]) => (first === undefined ? [] : [first]))
    for (const [schema, own] of Map.groupBy(waiters, (waiter) => contextOf(waiter.consumer))) {
      const rows = await this.#db.many<{ consumer: string; event_id: string }>(
        {
          name: `bus.taken.${schema}`,
          text: `select i.consumer, i.event_id from unnest($1::text[], $2::uuid[]) as w (consumer, event_id)
                 join ${schema}.inbox i on i.consumer = w.consumer and i.event_id = w.event_id`,
          params: ['consumers', 'event_ids'],
        },
        { consumers: own.map((waiter) => waiter.consumer), event_ids: own.map((waiter) => waiter.event_id) },
      )
      for (const row of rows) this.took(row.consumer, [row.event_id])
    }
  }
}

function nameOf(consumer: string, event_id: string): string {
  return `${consumer} ${event_id}`
}
