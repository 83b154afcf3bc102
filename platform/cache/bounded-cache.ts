import { LRUCache } from 'lru-cache'

export type BoundedCacheOptions<Value> = {
  entries_max: number
  /** Sum of `weigh` over all entries; a value heavier than that is returned but not cached. */
  weight_max: number
  weigh(value: Value): number
  now_ms?: () => number
  /** A refresh ahead of expiry failed; the cached value was served, and the first read after expiry loads again. */
  onRefreshError?: (error: unknown) => void
}

type Entry<Value> = { value: Value; weight: number; refresh_at_ms: number; dies_at_ms: number }
type Flight<Value> = { promise: Promise<Value | undefined> }

/** In the last fifth of an entry's life a read returns the cached value and starts one load for the next reader. */
const REFRESH_AFTER = 0.8

/**
 * Values by key, bounded in number and weight by `lru-cache`, with single-flight loading.
 *
 * States of a key: absent → loading (one flight that every reader awaits) → fresh (answered synchronously) → ageing
 * (answered synchronously, one flight renews it) → expired (as absent). `invalidate` makes a key absent; a flight under
 * way at that moment still answers those who awaited it, but is not stored and no new reader joins it, so a value read
 * before a change never outlives the change. `lru-cache`'s own `fetch` instead aborts such a flight for its readers.
 */
export class BoundedCache<Value> {
  readonly #options: BoundedCacheOptions<Value>
  readonly #entries: LRUCache<string, Entry<Value>>
  readonly #flights = new Map<string, Flight<Value>>()

  constructor(options: BoundedCacheOptions<Value>) {
    this.#options = options
    this.#entries = new LRUCache({
      max: options.entries_max,
      maxSize: options.weight_max,
      sizeCalculation: (entry) => Math.max(1, entry.weight),
    })
  }

  /** The value synchronously when cached, otherwise a promise of the loaded one; undefined is never cached. */
  get(key: string, ttl_ms: number, load: () => Promise<Value | undefined>): Value | Promise<Value | undefined> {
    const entry = this.#entries.get(key)
    if (entry === undefined) return this.#fly(key, ttl_ms, load)
    const now = this.#now()
    if (now >= entry.dies_at_ms) {
      this.#entries.delete(key)
      return this.#fly(key, ttl_ms, load)
    }
    if (now >= entry.refresh_at_ms && !this.#flights.has(key)) {
      this.#fly(key, ttl_ms, load).catch((error: unknown) => this.#options.onRefreshError?.(error))
    }
    return entry.value
  }

  invalidate(key: string): void {
    this.#flights.delete(key)
    this.#entries.delete(key)
  }

  /** Visits every key: for writes, which are rare compared with reads. */
  invalidatePrefix(prefix: string): void {
    for (const key of this.#flights.keys()) if (key.startsWith(prefix)) this.#flights.delete(key)
    for (const key of Array.from(this.#entries.keys())) if (key.startsWith(prefix)) this.#entries.delete(key)
  }

  /** For gauges and tests. */
  get size(): { entries: number; weight: number } {
    return { entries: this.#entries.size, weight: this.#entries.calculatedSize }
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
    this.#entries.delete(key)
    if (value === undefined) return
    const now = this.#now()
    // An entry above the weight limit is refused by the cache itself.
    this.#entries.set(key, {
      value,
      weight: this.#options.weigh(value),
      refresh_at_ms: now + ttl_ms * REFRESH_AFTER,
      dies_at_ms: now + ttl_ms,
    })
  }

  #now(): number {
    return this.#options.now_ms === undefined ? performance.now() : this.#options.now_ms()
  }
}
