import type { Db } from '#platform/db'
import { contextOf } from './outbox.ts'

const REMEMBERED_MAX = 20_000
const LOOK_AGAIN_MS = 25

/** Who waits for an event to be taken: told in memory where this process relays, found in the inbox otherwise. */
export class Deliveries {
  readonly #db: Db
  readonly #waiting = new Map<string, (() => void)[]>()
  #taken = new Set<string>()

  constructor(db: Db) {
    this.#db = db
  }

  /** A consumer's transaction with these events has committed. */
  took(consumer: string, event_ids: readonly string[]): void {
    if (this.#taken.size > REMEMBERED_MAX) this.#taken = new Set()
    for (const event_id of event_ids) {
      const name = `${consumer} ${event_id}`
      this.#taken.add(name)
      for (const tell of this.#waiting.get(name) ?? []) tell()
      this.#waiting.delete(name)
    }
  }

  async wait(event_id: string, consumers: readonly string[], timeout_ms: number): Promise<boolean> {
    const until_ms = performance.now() + timeout_ms
    for (const consumer of consumers) {
      while (!this.#taken.has(`${consumer} ${event_id}`) && !(await this.#inInbox(consumer, event_id))) {
        const left_ms = until_ms - performance.now()
        if (left_ms <= 0) return false
        await this.#told(`${consumer} ${event_id}`, Math.min(left_ms, LOOK_AGAIN_MS))
      }
    }
    return true
  }

  async #inInbox(consumer: string, event_id: string): Promise<boolean> {
    const schema = contextOf(consumer)
    const row = await this.#db.maybe(
      {
        name: `bus.taken.${schema}`,
        text: `select 1 as taken from ${schema}.inbox where consumer = $1 and event_id = $2`,
        params: ['consumer', 'event_id'],
      },
      { consumer, event_id },
    )
    return row !== undefined
  }

  #told(name: string, at_most_ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, at_most_ms)
      const tell = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const others = this.#waiting.get(name) ?? []
      this.#waiting.set(name, [...others.slice(-100), tell])
    })
  }
}
