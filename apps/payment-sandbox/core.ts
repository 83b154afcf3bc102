import { setTimeout as wait } from 'node:timers/promises'
import { settleLate } from './authorize.ts'
import { Faults } from './faults.ts'
import { backstageOf } from './intent.ts'
import { Journal } from './journal.ts'
import type { Due } from './objects.ts'
import { settleRefund } from './refund.ts'
import { apply, clear, emptyState, type Limits, type State, snapshot } from './state.ts'
import { begin, type Cause, changesOf, type House, put, type Tx } from './transaction.ts'
import { Deliverer, type Endpoint } from './webhooks/deliverer.ts'
import type { RetryPolicy } from './webhooks/retry.ts'

const TIMER_MAX_MS = 2_147_483_647

export type CoreOptions = {
  journal_path: string | null
  endpoint: Endpoint | null
  retry: RetryPolicy
  webhook_timeout_ms: number
  refund_settle_ms: number
  limits: Limits
  now_ms: () => number
  publicOrigin: () => string
  onBroken: (error: unknown) => void
}

/**
 * The living sandbox: state, journal, webhooks and what is due later. Everything that changes state goes through
 * `commit`: apply, write, wait for the disk, and only then tell the world (answer, webhook, timer).
 */
export class Core {
  readonly state: State
  readonly faults = new Faults()
  readonly deliverer: Deliverer
  /** Aborted on close: waits that belong to requests end with it. */
  readonly closing = new AbortController()
  readonly #house: House
  readonly #journal: Journal | null
  readonly #now_ms: () => number
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #clock_ms = 0

  constructor(options: CoreOptions) {
    this.#now_ms = options.now_ms
    this.state = emptyState(options.limits)
    this.#journal =
      options.journal_path === null
        ? null
        : new Journal(options.journal_path, () => snapshot(this.state, this.now_ms()), options.onBroken)
    this.deliverer = new Deliverer({
      endpoint: options.endpoint,
      retry: options.retry,
      timeout_ms: options.webhook_timeout_ms,
      now_ms: () => this.now_ms(),
      acknowledged: (id) => this.#acknowledged(id),
    })
    this.#house = {
      state: this.state,
      publicOrigin: options.publicOrigin,
      refund_settle_ms: options.refund_settle_ms,
      listened: () => this.deliverer.listened,
    }
  }

  /** Reads the journal back, then goes on with what a crash interrupted. */
  async open(): Promise<void> {
    await this.#journal?.load((change) => apply(this.state, change))
    for (const due of this.state.dues.values()) this.#schedule(due)
    for (const id of this.state.undelivered) {
      const event = this.state.events.get(id)
      if (event !== undefined) this.deliverer.announce(event)
    }
  }

  /** Wall time that never goes back: lists rely on `created` rising. */
  now_ms(): number {
    this.#clock_ms = Math.max(this.#clock_ms, this.#now_ms())
    return this.#clock_ms
  }

  begin(cause: Cause): Tx {
    return begin(this.#house, this.now_ms(), cause)
  }

  /** Resolves when the changes are on the disk (at once without a journal). */
  async commit(tx: Tx): Promise<void> {
    const changes = changesOf(tx)
    if (changes.length === 0) return this.durable()
    for (const change of changes) apply(this.state, change)
    this.#journal?.append(changes)
    await this.durable()
    for (const change of changes) {
      if (change.object === 'event' && change.pending_webhooks > 0) this.deliverer.announce(change)
      if (change.object === 'tessera.due') this.#schedule(change)
    }
  }

  /** Resolves when all that has happened so far is on the disk. */
  async durable(): Promise<void> {
    if (this.#journal !== null) await this.#journal.durable()
  }

  /** Runs a verb that no API request caused: the control API, a page, a timer. */
  async act<T>(verb: (tx: Tx) => T): Promise<T> {
    const tx = this.begin({ id: null, idempotency_key: null })
    const result = verb(tx)
    await this.commit(tx)
    return result
  }

  pause(ms: number): Promise<void> {
    return wait(ms, undefined, { signal: this.closing.signal })
  }

  /** Does now what is due later. */
  async hurry(): Promise<void> {
    for (const due of this.state.dues.values()) {
      clearTimeout(this.#timers.get(due.id))
      await this.#settle(due)
    }
  }

  /** Resolves when nothing is due and no webhook is on its way (withheld ones aside). */
  async settled(): Promise<void> {
    while (this.state.dues.size > 0 || this.deliverer.waiting > 0) {
      if (this.deliverer.waiting > 0) await this.deliverer.settled()
      else
        await this.pause(
          Math.max(5, Math.min(...[...this.state.dues.values()].map((due) => due.at_ms - this.now_ms()))),
        )
    }
  }

  async reset(): Promise<void> {
    this.#stopTimers()
    this.deliverer.clear()
    this.faults.clear()
    clear(this.state)
    await this.#journal?.rewrite()
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.#stopTimers()
    this.deliverer.close()
    await this.#journal?.close()
  }

  #acknowledged(id: string): void {
    if (!this.state.undelivered.has(id)) return
    const change = { object: 'tessera.delivered', id } as const
    apply(this.state, change)
    // Nobody waits for this line: losing it only means that the event is delivered once more.
    if (!this.closing.signal.aborted) this.#journal?.append([change])
  }

  #schedule(due: Due): void {
    clearTimeout(this.#timers.get(due.id))
    const wait_ms = Math.min(Math.max(0, due.at_ms - this.now_ms()), TIMER_MAX_MS)
    this.#timers.set(
      due.id,
      setTimeout(() => void this.#settle(due), wait_ms),
    )
  }

  async #settle(due: Due): Promise<void> {
    this.#timers.delete(due.id)
    if (!this.state.dues.has(due.id)) return
    await this.act((tx) => {
      put(tx, { object: 'tessera.due_done', id: due.id })
      const intent = tx.state.intents.get(due.id)
      const refund = tx.state.refunds.get(due.id)
      if (intent?.status === 'processing') settleLate(tx, intent, backstageOf(tx, intent), due.outcome)
      if (refund !== undefined) settleRefund(tx, refund, due.outcome)
    })
  }

  #stopTimers(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
