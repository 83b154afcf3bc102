import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import { settleLate } from './intent.ts'
import type { Cause, Due } from './objects.ts'
import { settleRefund } from './refund.ts'
import { Store } from './store.ts'
import type { Tx } from './transaction.ts'
import { Deliverer, type Endpoint, type RetryPolicy } from './webhooks/deliverer.ts'

const DUE_EVERY_MS = 10
const FORGET_EVERY_MS = 5_000

export type CoreOptions = {
  path: string | null
  endpoint: Endpoint | null
  retry: RetryPolicy
  webhook_timeout_ms: number
  /** How long a pending refund stays pending, and how soon the bank returns one that fails. */
  refund_settle_ms: number
  now_ms: () => number
  /** Where a browser reaches us, without a slash at the end: `http://localhost:3010`. */
  publicOrigin: () => string
}

const BY_ITSELF: Cause = { id: null, idempotency_key: null }

/** The living sandbox: its state, its webhooks, its faults and what is due later. */
export class Core {
  readonly store: Store
  readonly faults: Fault[] = []
  readonly deliverer: Deliverer
  readonly #options: CoreOptions
  /** Aborted on close: waits that belong to requests end with it. */
  readonly #closing = new AbortController()
  readonly #intervals: NodeJS.Timeout[]
  #clock_ms = 0
  #acting = 0

  constructor(options: CoreOptions) {
    this.#options = options
    this.store = new Store(options.path)
    this.deliverer = new Deliverer({ ...options, now_ms: () => this.now_ms(), store: this.store })
    this.store.forget(this.now_ms())
    this.#intervals = [
      setInterval(() => void this.settleUntil(this.now_ms()), DUE_EVERY_MS),
      setInterval(() => this.store.forget(this.now_ms()), FORGET_EVERY_MS),
    ]
  }

  /** Goes on with what the end of the process interrupted. */
  resume(): void {
    for (const event of this.store.undelivered()) this.deliverer.announce(event)
  }

  /** Wall time that never goes back: lists rely on `created` rising. */
  now_ms(): number {
    this.#clock_ms = Math.max(this.#clock_ms, this.#options.now_ms())
    return this.#clock_ms
  }

  /** Does the work in one transaction. Answer and webhooks leave after it has committed. */
  async act<T>(work: (tx: Tx) => T, cause: Cause = BY_ITSELF): Promise<T> {
    const now_ms = this.now_ms()
    const { store, deliverer } = this
    const tx: Tx = {
      store,
      now_ms,
      now: Math.floor(now_ms / 1_000),
      cause,
      origin: this.#options.publicOrigin(),
      refund_settle_ms: this.#options.refund_settle_ms,
      listensTo: (type) => deliverer.listensTo(type),
      announced: [],
    }
    const { result, committed } = store.transaction(() => work(tx))
    this.#acting += 1
    await committed.finally(() => {
      this.#acting -= 1
    })
    for (const event of tx.announced) deliverer.announce(event)
    return result
  }

  async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal })
  }

  /** Does what is due by then, and writes down which events have arrived. */
  async settleUntil(at_ms: number): Promise<void> {
    await Promise.all(this.store.dues(at_ms).map((due) => this.act((tx) => settle(tx, due))))
    this.deliverer.record()
  }

  /** Resolves when nothing is due and no webhook is on its way (withheld ones aside). */
  async settled(): Promise<void> {
    while (this.#acting > 0 || this.deliverer.waiting > 0 || this.store.dues(Number.MAX_SAFE_INTEGER).length > 0) {
      await this.pause(DUE_EVERY_MS)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const interval of this.#intervals) clearInterval(interval)
    this.deliverer.close()
    await this.store.close()
  }
}

function settle(tx: Tx, due: Due): void {
  tx.store.removeDue(due.id)
  const intent = tx.store.get('payment_intents', due.id)
  const refund = tx.store.get('refunds', due.id)
  if (intent?.status === 'processing') settleLate(tx, intent, due.outcome)
  if (refund !== undefined) settleRefund(tx, refund, due.outcome)
}
