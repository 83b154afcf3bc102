import { isConnectionLoss, isOutage, retryRolledBack, UnknownOutcomeError } from '#platform/db'

/** The queue is full: answered with 503, and nothing has happened. */
export class SaturatedError extends Error {
  override name = 'SaturatedError'
}

export type BatcherOptions<Item, Result> = {
  /**
   * Decides a batch, all or nothing; returns results in the order of the items. Called again when PostgreSQL rolled it
   * back because of concurrent transactions (`retryRolledBack`): a deadlock is no answer for everyone in a batch.
   */
  run(items: readonly Item[]): Promise<readonly Result[]>
  /** Further SQLSTATEs after which `run` is called again, e.g. 23505 where two processes may insert the same key. */
  retry_also?: readonly string[]
  batch_size_max: number
  /** Batches in flight at once. */
  in_flight_max: number
  /**
   * How long the next batch waits for the result of the newest one in flight, so that more items share it; after that up
   * to `in_flight_max` batches overlap, so that one which waits for a lock does not delay the others. 0 by default.
   */
  overlap_after_ms?: number
  /** Queued items beyond which `submit` rejects with a SaturatedError. */
  queue_length_max: number
  /**
   * Keys that must not be in flight twice: an item waits while one of its keys is, or while an earlier item waits for
   * it.
   */
  keysOf?(item: Item): readonly (string | number)[]
  /** All items of a batch have the same group. */
  groupOf?(item: Item): unknown
  /** Called before an item leaves the queue: a defined value is the item's answer, and the item joins no batch. */
  answerEarly?(item: Item): Result | undefined
  /** Called once for every item, answered or failed. */
  settled?(item: Item): void
  /**
   * Retries a failed batch item by item, so that one bad item fails alone. Otherwise all its items fail. Never after a
   * lost connection, whose outcome is unknown: each caller resolves it by its own key. Nor in an outage, such as a lock
   * time-out or an unresponsive server: every item would wait for it again.
   */
  split_on_failure?: boolean
  /** Schedules work after this turn of the event loop; `setImmediate` by default. */
  defer?(work: () => void): void
}

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void }

/** The most queued items that one flush examines; the rest wait for the next, in order. */
const LOOK_MAX = 4_096

/**
 * Batches whatever has arrived. Modes: idle → collecting (items that arrive in one turn of the event loop) → in flight
 * (later items wait for the next batch). While nothing is in flight no item is delayed: an artificial delay only adds
 * latency, measured on holds. In order of arrival: an item never overtakes one that it shares a key with.
 */
export class Batcher<Item, Result> {
  readonly #o: BatcherOptions<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #in_flight = 0
  #left_at_ms = 0
  #overlap: NodeJS.Timeout | undefined
  #flush_due = false
  readonly #keys_in_flight = new Set<string | number>()
  #drained: (() => void)[] = []

  constructor(options: BatcherOptions<Item, Result>) {
    this.#o = options
  }

  /** Resolves to the item's result; rejects with its batch's error, or a SaturatedError. */
  submit(item: Item): Promise<Result> {
    if (this.#waiting.length >= this.#o.queue_length_max) {
      this.#o.settled?.(item)
      return Promise.reject(new SaturatedError('Too many requests wait for a batch'))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#flushSoon()
    })
  }

  queueLength(): number {
    return this.#waiting.length
  }

  /** Resolves when the queue is empty and nothing is in flight. */
  async drain(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>((resolve) => this.#drained.push(resolve))
  }

  #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#in_flight === 0
  }

  #flushSoon(): void {
    if (this.#flush_due || this.#in_flight >= this.#o.in_flight_max) return
    this.#flush_due = true
    const defer = this.#o.defer ?? setImmediate
    defer(() => {
      this.#flush_due = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#in_flight < this.#o.in_flight_max && this.#waiting.length > 0) {
      if (this.#waitsForAnswer()) break
      const { batch, keys, answered } = this.#collect()
      if (batch.length === 0) {
        // All examined items were answered early; those behind them have not been examined yet.
        if (answered > 0) continue
        break
      }
      this.#in_flight++
      this.#left_at_ms = performance.now()
      void this.#decide(batch).finally(() => {
        for (const key of keys) this.#keys_in_flight.delete(key)
        this.#in_flight--
        this.#flush()
      })
    }
    if (this.#waiting.length === 0) {
      clearTimeout(this.#overlap)
      this.#overlap = undefined
    }
    if (this.#isIdle()) for (const tell of this.#drained.splice(0)) tell()
  }

  /** True when the next batch should wait for the one in flight and gather further items. */
  #waitsForAnswer(): boolean {
    const { overlap_after_ms = 0, batch_size_max } = this.#o
    if (this.#in_flight === 0 || this.#waiting.length >= batch_size_max) return false
    const left_ms = this.#left_at_ms + overlap_after_ms - performance.now()
    if (left_ms <= 0) return false
    this.#overlap ??= setTimeout(() => {
      this.#overlap = undefined
      this.#flush()
    }, left_ms)
    return true
  }

  /** Takes the first items that may share a batch. */
  #collect(): { batch: Waiting<Item, Result>[]; keys: (string | number)[]; answered: number } {
    const { batch_size_max, groupOf, answerEarly } = this.#o
    const batch: Waiting<Item, Result>[] = []
    const keys: (string | number)[] = []
    const left: Waiting<Item, Result>[] = []
    const left_keys = new Set<string | number>()
    let looked = 0
    let answered = 0
    for (const waiting of this.#waiting) {
      if (batch.length >= batch_size_max || looked >= LOOK_MAX) break
      looked++
      const early = answerEarly?.(waiting.item)
      if (early !== undefined) {
        this.#o.settled?.(waiting.item)
        waiting.resolve(early)
        answered++
        continue
      }
      const own = this.#o.keysOf?.(waiting.item) ?? []
      const first = batch[0]
      const apart = first !== undefined && groupOf !== undefined && groupOf(first.item) !== groupOf(waiting.item)
      if (apart || own.some((key) => this.#keys_in_flight.has(key) || left_keys.has(key))) {
        left.push(waiting)
        for (const key of own) left_keys.add(key)
        continue
      }
      for (const key of own) this.#keys_in_flight.add(key)
      keys.push(...own)
      batch.push(waiting)
    }
    this.#waiting = left.length === 0 ? this.#waiting.slice(looked) : [...left, ...this.#waiting.slice(looked)]
    return { batch, keys, answered }
  }

  async #decide(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item)
      const results = await retryRolledBack(() => this.#o.run(items), { also: this.#o.retry_also ?? [] })
      if (results.length !== batch.length) throw new Error(`A batch of ${batch.length} has ${results.length} results`)
      for (const [index, { item, resolve }] of batch.entries()) {
        this.#o.settled?.(item)
        resolve(results[index] as Result)
      }
    } catch (error) {
      const splits =
        this.#o.split_on_failure === true && batch.length > 1 && !isUnknownOutcome(error) && !isOutage(error)
      if (splits) {
        for (const one of batch) await this.#decide([one])
        return
      }
      for (const { item, reject } of batch) {
        this.#o.settled?.(item)
        reject(error)
      }
    }
  }
}

function isUnknownOutcome(error: unknown): boolean {
  return isConnectionLoss(error) || error instanceof UnknownOutcomeError
}
