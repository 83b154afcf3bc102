import { LRUCache } from 'lru-cache'
import type { DatabaseClock } from './database-clock.ts'

/** When each seat of a performance becomes free, in database milliseconds; 0 = free, Infinity = sold. */
type SeatsUntil = {
  until_ms: Float64Array
  loaded_at_ms: number
  /** The changes during a load of the claims, and the end of the load. */
  loading: { meanwhile: Map<number, number>; done: Promise<void>; next: Promise<void> | null } | null
  warm: boolean
}

/**
 * Seats with one expiry: `seats` as text, '4,17'. A chart has up to 80,000 seats, and parsing a row for each would
 * block the event loop for 50 ms.
 */
export type Claims = { until_ms: number; seats: string }

type AvailabilityOptions = {
  clock: DatabaseClock
  loadClaims(performance_no: number): Promise<Claims[]>
  onError(error: unknown): void
}

const HEAL_MS = 30_000
const PERFORMANCES_MAX = 500

/**
 * Refuses certainly taken seats without any I/O. Never grants: PostgreSQL alone decides. Losing it costs only speed.
 *
 * Modes of a performance: cold (nothing is known, everything may be free) → loading (claims are being read; changes
 * during the load are collected and applied to the result) → warm. A warm one is reloaded after 30 s, which repairs the
 * effect of lost signals and of other processes. Each claim's expiry is compared with the latest possible time of the
 * database's clock, so expired claims are never refused.
 */
export class AvailabilityCache {
  readonly #o: AvailabilityOptions
  /** Evicts the least recently used performance: a rush on one must not lose its claims to many others. */
  readonly #performances = new LRUCache<number, SeatsUntil>({ max: PERFORMANCES_MAX })

  constructor(options: AvailabilityOptions) {
    this.#o = options
  }

  /** Those of these seats that are certainly taken. An empty result says nothing. */
  surelyTaken(performance_no: number, seat_count: number, seats: readonly number[]): number[] {
    const known = this.#of(performance_no, seat_count)
    if (!known.warm) return []
    const latest_ms = this.#o.clock.latestMs()
    return seats.filter((seat) => (known.until_ms[seat] ?? 0) > latest_ms)
  }

  /** For best available: a guess that the hold verifies. */
  isTaken(performance_no: number, seat_count: number): (seat: number) => boolean {
    const known = this.#of(performance_no, seat_count)
    const latest_ms = this.#o.clock.latestMs()
    return (seat) => (known.until_ms[seat] ?? 0) > latest_ms
  }

  /** Resolves once the performance has been loaded. */
  async warm(performance_no: number, seat_count: number): Promise<void> {
    const known = this.#of(performance_no, seat_count)
    if (!known.warm) await (known.loading?.done ?? this.#load(performance_no, known))
  }

  /** Reloads the performance; resolves once a load that began after this call is done. */
  async refresh(performance_no: number, seat_count: number): Promise<void> {
    const known = this.#of(performance_no, seat_count)
    if (known.loading === null) return this.#load(performance_no, known)
    const running = known.loading
    running.next ??= running.done.then(() => this.refresh(performance_no, seat_count))
    await running.next
  }

  took(performance_no: number, seats: readonly number[], until_ms: number): void {
    this.#set(performance_no, seats, until_ms)
  }

  freed(performance_no: number, seats: readonly number[]): void {
    this.#set(performance_no, seats, 0)
  }

  /** Forces a reload before the next refusal. Without a number: of every performance. */
  forget(performance_no?: number): void {
    if (performance_no === undefined) this.#performances.clear()
    else this.#performances.delete(performance_no)
  }

  #of(performance_no: number, seat_count: number): SeatsUntil {
    let known = this.#performances.get(performance_no)
    if (known === undefined) {
      known = { until_ms: new Float64Array(seat_count), loaded_at_ms: -Infinity, loading: null, warm: false }
      this.#performances.set(performance_no, known)
    }
    if (known.loading === null && performance.now() - known.loaded_at_ms > HEAL_MS) {
      this.#load(performance_no, known).catch(this.#o.onError)
    }
    return known
  }

  #load(performance_no: number, known: SeatsUntil): Promise<void> {
    const meanwhile = new Map<number, number>()
    known.loaded_at_ms = performance.now()
    const done = this.#read(performance_no, known, meanwhile).finally(() => {
      known.loading = null
    })
    known.loading = { meanwhile, done, next: null }
    return done
  }

  async #read(performance_no: number, known: SeatsUntil, meanwhile: ReadonlyMap<number, number>): Promise<void> {
    const claims = await this.#o.loadClaims(performance_no)
    known.until_ms.fill(0)
    for (const { until_ms, seats } of claims) fillSeats(known.until_ms, seats, until_ms)
    for (const [seat, until_ms] of meanwhile) known.until_ms[seat] = until_ms
    known.warm = true
  }

  #set(performance_no: number, seats: readonly number[], until_ms: number): void {
    const known = this.#performances.get(performance_no)
    if (known === undefined) return
    for (const seat of seats) {
      known.until_ms[seat] = until_ms
      known.loading?.meanwhile.set(seat, until_ms)
    }
  }
}

const COMMA = 44
const ZERO = 48

/** Parses '4,17' digit by digit, without a string for each seat. */
function fillSeats(until_ms: Float64Array, seats: string, value: number): void {
  let seat = 0
  for (let i = 0; i < seats.length; i++) {
    const code = seats.charCodeAt(i)
    if (code === COMMA) {
      until_ms[seat] = value
      seat = 0
    } else seat = seat * 10 + code - ZERO
  }
  until_ms[seat] = value
}
