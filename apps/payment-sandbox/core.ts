import { setTimeout as wait } from 'node:timers/promises'
import { Faults } from './faults.ts'
import { settleLate } from './intent.ts'
import type { Cause, Due } from './objects.ts'
import { settleRefund } from './refund.ts'
import { Store } from './store.ts'
import type { Tx } from './transaction.ts'
import { Deliverer, type Endpoint, type RetryPolicy } from './webhooks/deliverer.ts'

const TIMER_MAX_MS = 2_147_483_647
const PRUNE_EVERY_MS = 3_600_000

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
  readonly faults = new Faults()
  readonly deliverer: Deliverer
  readonly #options: CoreOptions
  /** Aborted on close: waits that belong to requests end with it. */
  readonly #closing = new AbortController()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #pruning: NodeJS.Timeout
  #clock_ms = 0

  constructor(options: CoreOptions) {
    this.#options = options
    this.store = new Store(options.path)
    this.deliverer = new Deliverer({
      endpoint: options.endpoint,
      retry: options.retry,
      timeout_ms: options.webhook_timeout_ms,
      now_ms: () => this.now_ms(),
      textOf: (id) => this.store.eventText(id),
      acknowledged: (id) => this.store.delivered(id),
    })
    this.store.forgetAnswers(this.now_ms())
    this.#pruning = setInterval(() => this.store.forgetAnswers(this.now_ms()), PRUNE_EVERY_MS).unref()
  }

  /** Goes on with what the end of the process interrupted. */
  resume(): void {
    for (const due of this.store.dues()) this.#schedule(due)
    for (const event of this.store.undelivered()) this.deliverer.announce(event)
  }

  /** Wall time that never goes back: lists rely on `created` rising. */
  now_ms(): number {
    this.#clock_ms = Math.max(this.#clock_ms, this.#options.now_ms())
    return this.#clock_ms
  }

  /** Does the work in one transaction. The world is told (answer, webhook, timer) after it has committed. */
  act<T>(work: (tx: Tx) => T, cause: Cause = BY_ITSELF): T {
    const now_ms = this.now_ms()
    const tx: Tx = {
      store: this.store,
      now_ms,
      now: Math.floor(now_ms / 1_000),
      cause,
      origin: this.#options.publicOrigin(),
      refund_settle_ms: this.#options.refund_settle_ms,
      listened: this.deliverer.listened,
      announced: [],
      dues: [],
    }
    const result = this.store.transaction(() => work(tx))
    for (const event of tx.announced) this.deliverer.announce(event)
    for (const due of tx.dues) this.#schedule(due)
    return result
  }

  async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal })
  }

  /** Does now what is due later. */
  hurry(): void {
    for (const due of this.store.dues()) this.#settle(due)
  }

  /** Resolves when nothing is due and no webhook is on its way (withheld ones aside). */
  async settled(): Promise<void> {
    for (;;) {
      const [due] = this.store.dues()
      if (this.deliverer.waiting > 0) await this.deliverer.settled()
      else if (due === undefined) return
      else await this.pause(Math.max(5, due.at_ms - this.now_ms()))
    }
  }

  reset(): void {
    this.#stopTimers()
    this.deliverer.clear()
    this.faults.clear()
    this.store.clear()
  }

  close(): void {
    this.#closing.abort()
    clearInterval(this.#pruning)
    this.#stopTimers()
    this.deliverer.close()
    this.store.close()
  }

  #schedule(due: Due): void {
    clearTimeout(this.#timers.get(due.id))
    const wait_ms = Math.min(Math.max(0, due.at_ms - this.now_ms()), TIMER_MAX_MS)
    this.#timers.set(
      due.id,
      setTimeout(() => this.#settle(due), wait_ms),
    )
  }

  #settle(due: Due): void {
    clearTimeout(this.#timers.get(due.id))
    this.#timers.delete(due.id)
    this.act((tx) => {
      if (!tx.store.takeDue(due.id)) return
      const intent = tx.store.get('payment_intents', due.id)
      const refund = tx.store.get('refunds', due.id)
      if (intent?.status === 'processing') settleLate(tx, intent, due.outcome)
      if (refund !== undefined) settleRefund(tx, refund, due.outcome)
    })
  }

  #stopTimers(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
