export type BoundedCacheOptions<Value> = {
  entries_max: number
  /** Sum of `weigh` over all entries; a value heavier than that is answered but not kept. */
  weight_max: number
  weigh(value: Value): number
  now_ms?: () => number
  /** A refresh ahead of time failed; the value in hand was served, the next ask after its life loads again. */
  onRefreshError?: (error: unknown) => void
}

type Entry<Value> = { value: Value; weight: number; refresh_at_ms: number; dies_at_ms: number }
type Flight<Value> = { promise: Promise<Value | undefined> }

/** The last fifth of an entry's life: whoever asks then gets the value in hand and sets off one load for the next. */
const REFRESH_AFTER = 0.8

/**
 * Values by key with a bound on number and weight, least recently used out first.
 *
 * Modes of a key: absent → loading (one flight, everyone waits for it) → fresh (answered at once, synchronously) →
 * ageing (answered at once, one flight renews it) → dead (as absent). `invalidate` makes a key absent; a flight that was
 * under way then still answers those who were waiting before, but is not kept and nobody new joins it: what was read
 * before a change never outlives the change.
 */
export class BoundedCache<Value> {
  readonly #options: BoundedCacheOptions<Value>
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #flights = new Map<string, Flight<Value>>()
  #weight = 0

  constructor(options: BoundedCacheOptions<Value>) {
    this.#options = options
  }

  /** The value at once when it is in hand, else a promise of what `load` finds; undefined is never kept. */
  get(key: string, ttl_ms: number, load: () => Promise<Value | undefined>): Value | Promise<Value | undefined> {
    const entry = this.#entries.get(key)
    if (entry === undefined) return this.#fly(key, ttl_ms, load)
    const now = this.#now()
    if (now >= entry.dies_at_ms) {
      this.#drop(key, entry)
      return this.#fly(key, ttl_ms, load)
    }
    if (now >= entry.refresh_at_ms && !this.#flights.has(key)) {
      this.#fly(key, ttl_ms, load).catch((error: unknown) => this.#options.onRefreshError?.(error))
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  invalidate(key: string): void {
    this.#flights.delete(key)
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#drop(key, entry)
  }

  /** Looks at every key: for writes, which are rare beside reads. */
  invalidatePrefix(prefix: string): void {
    for (const key of this.#flights.keys()) if (key.startsWith(prefix)) this.#flights.delete(key)
    for (const [key, entry] of this.#entries) if (key.startsWith(prefix)) this.#drop(key, entry)
  }

  /** For gauges and tests. */
  get size(): { entries: number; weight: number } {
    return { entries: this.#entries.size, weight: this.#weight }
  }

  #fly(key: string, ttl_ms: number, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.#flights.get(key)
    if (known !== undefined) return known.promise
    const flight: Flight<Value> = { promise: Promise.resolve(undefined) }
    this.#flights.set(key, flight)
    flight.promise = this.#land(key, flight, ttl_ms, load)
    return flight.promise
  }

  async #land(
    key: string,
    flight: Flight<Value>,
    ttl_ms: number,
    load: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    try {
      const value = await load()
      if (this.#flights.get(key) === flight) this.#keep(key, ttl_ms, value)
      return value
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
  }

  #keep(key: string, ttl_ms: number, value: Value | undefined): void {
    const old = this.#entries.get(key)
    if (old !== undefined) this.#drop(key, old)
    if (value === undefined) return
    const weight = this.#options.weigh(value)
    if (weight > this.#options.weight_max) return
    const now = this.#now()
    this.#entries.set(key, { value, weight, refresh_at_ms: now + ttl_ms * REFRESH_AFTER, dies_at_ms: now + ttl_ms })
    this.#weight += weight
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#options.entries_max && this.#weight <= this.#options.weight_max) break
      this.#drop(oldest, entry)
    }
  }

  #drop(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }

  #now(): number {
    return this.#options.now_ms === undefined ? performance.now() : this.#options.now_ms()
  }
}
