import { LRUCache } from 'lru-cache'
import type { DatabaseClock } from './database-clock.ts'

/** Until when each seat of a performance is taken, in database milliseconds; 0 = free, Infinity = sold. */
type SeatsUntil = {
  until_ms: Float64Array
  loaded_at_ms: number
  /** What happens while the claims are read, and when that is done. */
  loading: { meanwhile: Map<number, number>; done: Promise<void>; next: Promise<void> | null } | null
  warm: boolean
}

/**
 * Seats that are taken until the same moment: `seats` as text, '4,17'. A chart has up to 80,000, and reading them one by
 * one would stop the event loop for 50 ms.
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
 * Refuses, without any I/O, what is surely taken. Never grants: PostgreSQL alone decides. Its loss only costs speed.
 *
 * Modes of a performance: cold (nothing is known, everything may be free) → loading (claims are being read; what happens
 * meanwhile is kept and laid over the result) → warm. A warm one is read anew after 30 s, which heals what a lost signal
 * or another process left wrong. It compares each claim's end with the latest that the database's clock can show now, so
 * it never refuses what has expired.
 */
export class AvailabilityCache {
  readonly #o: AvailabilityOptions
  /** The one that was asked for longest ago goes: a rush on one performance must not lose its claims to many others. */
  readonly #performances = new LRUCache<number, SeatsUntil>({ max: PERFORMANCES_MAX })

  constructor(options: AvailabilityOptions) {
    this.#o = options
  }

  /** The seats of these that are surely someone's. Empty says nothing. */
  surelyTaken(performance_no: number, seat_count: number, seats: readonly number[]): number[] {
    const known = this.#of(performance_no, seat_count)
    if (!known.warm) return []
    const latest_ms = this.#o.clock.latestMs()
    return seats.filter((seat) => (known.until_ms[seat] ?? 0) > latest_ms)
  }

  /** For best available: a guess, the hold decides. */
  isTaken(performance_no: number, seat_count: number): (seat: number) => boolean {
    const known = this.#of(performance_no, seat_count)
    const latest_ms = this.#o.clock.latestMs()
    return (seat) => (known.until_ms[seat] ?? 0) > latest_ms
  }

  /** Resolves once the performance has been read. */
  async warm(performance_no: number, seat_count: number): Promise<void> {
    const known = this.#of(performance_no, seat_count)
    if (!known.warm) await (known.loading?.done ?? this.#load(performance_no, known))
  }

  /** Reads the performance anew; resolves once a reading that began after this call is done. */
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

  /** What is known may be wrong: read it again before refusing. Without a number: of every performance. */
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

/** Reads '4,17' digit by digit: no text a seat is made. */
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
