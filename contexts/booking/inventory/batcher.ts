import { type Db, loadSql } from '#platform/db'
import type { AvailabilityCache } from './availability-cache.ts'
import type { DatabaseClock } from './database-clock.ts'
import type { KnownKeys } from './known-keys.ts'

/** A hold, priced and resolved to numbers; only the database is still to decide. */
export type HoldRequest = {
  booking_id: string
  owner_id: string
  key: string
  body_hash: string
  performance_no: number
  seat_count: number
  /** Parallel: seat -1 is general admission. */
  line_seats: number[]
  line_tiers: number[]
  line_quantities: number[]
  line_prices: number[]
  total: number
  /** The most one person may have of this performance; null without a limit. */
  person_limit: number | null
  /** This booking's part of the `booking.held` event, as JSON text. */
  event_part: string
}

export type HoldResult =
  | { kind: 'won'; ends_at: string }
  | { kind: 'lost'; unavailable: number[] }
  | { kind: 'replayed'; booking_id: string }
  | { kind: 'limited' }
  | { kind: 'closed' }
  | { kind: 'saturated' }

type Waiting = {
  request: HoldRequest
  places: boolean
  resolve(result: HoldResult): void
  reject(error: unknown): void
}
type BatchRow = {
  t: string
  ends_at: string
  request: number | null
  kind: HoldResult['kind']
  unavailable: number[] | null
  known_booking_id: string | null
}

type BatcherOptions = {
  lane: Db
  hold_seconds: number
  availability: AvailabilityCache
  clock: DatabaseClock
  keys: KnownKeys
  /** Winners, for signals to other processes. */
  onTaken(performance_no: number, seats: readonly number[], until_ms: number): void
  /** The batch wrote an event. */
  onPublished(): void
}

const BATCH_MAX = 256
const LANES = 2
const QUEUE_MAX = 20_000
/** How many waiting requests one flush looks at: the rest wait for the next, in their order. */
const LOOK_MAX = 4_096
/** A batch that PostgreSQL rolled back is sent again this often in all; then its requests are answered `saturated`. */
const ATTEMPTS_MAX = 5
const UNIQUE_VIOLATION = '23505'
const DEADLOCK_DETECTED = '40P01'

const sql = loadSql(import.meta.url, ['hold_batch', 'hold_places_batch'], './lane.sql')

/**
 * Decides holds in batches. Modes: idle → collecting (whatever arrives in one turn of the event loop, or while every lane
 * is in flight; there is no timer: an artificial delay only adds latency) → in flight. At most two lanes and 256 requests
 * a batch; beyond 20,000 waiting it answers `saturated`.
 *
 * No seat and no (owner, key) is in flight twice over all lanes: the later request waits for the next batch, so the first
 * to come is the first served, and by then the availability cache mostly knows the answer. Under a per-person limit the same holds for
 * (person, performance). A batch holds either seats or general admission.
 *
 * Measured (2 cores shared with the client, 2 seats a hold): batch of what arrived 15,000-56,000 holds/s against
 * 9,400-14,900 for a transaction each; a third lane gained nothing; 512 instead of 256 gained nothing.
 */
export class Batcher {
  readonly #o: BatcherOptions
  #waiting: Waiting[] = []
  #lanes_busy = 0
  #flush_due = false
  readonly #in_flight = new Set<string | number>()
  /** Seats that some request under way wants, with how many want them. */
  readonly #wanted = new Map<number, number>()
  #idle: (() => void)[] = []

  constructor(options: BatcherOptions) {
    this.#o = options
  }

  submit(request: HoldRequest): Promise<HoldResult> {
    if (this.#waiting.length >= QUEUE_MAX) return Promise.resolve({ kind: 'saturated' })
    return new Promise((resolve, reject) => {
      this.#want(request, 1)
      this.#waiting.push({ request, places: request.line_seats[0] === -1, resolve, reject })
      this.#flushSoon()
    })
  }

  /** Is someone asking for this seat right now? Best available looks elsewhere then. */
  isWanted(performance_no: number, seat: number): boolean {
    return this.#wanted.has(seatMark(performance_no, seat))
  }

  queueLength(): number {
    return this.#waiting.length
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0 && this.#lanes_busy === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** What arrives in one turn of the event loop goes together: a stampede's first batch is then not its first request. */
  #flushSoon(): void {
    if (this.#flush_due || this.#lanes_busy >= LANES) return
    this.#flush_due = true
    setImmediate(() => {
      this.#flush_due = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#lanes_busy < LANES && this.#waiting.length > 0) {
      const { batch, marks } = this.#collect()
      if (batch.length === 0) return
      this.#lanes_busy++
      this.#decide(batch)
        .catch((error: unknown) => this.#failed(batch, error))
        .finally(() => {
          for (const mark of marks) this.#in_flight.delete(mark)
          for (const waiting of batch) this.#want(waiting.request, -1)
          this.#lanes_busy--
          this.#flush()
          if (this.#waiting.length === 0 && this.#lanes_busy === 0) for (const tell of this.#idle.splice(0)) tell()
        })
    }
  }

  /** Takes the first requests that are not in each other's way; those that the availability cache knows to be late are answered here. */
  #collect(): { batch: Waiting[]; marks: (string | number)[] } {
    const batch: Waiting[] = []
    const marks: (string | number)[] = []
    const left: Waiting[] = []
    const look = this.#waiting.slice(0, LOOK_MAX)
    for (const waiting of look) {
      if (batch.length >= BATCH_MAX || (batch[0] !== undefined && batch[0].places !== waiting.places)) {
        left.push(waiting)
        continue
      }
      const { request } = waiting
      const late =
        waiting.places || this.#o.keys.mayHave(request.owner_id, request.key)
          ? []
          : this.#o.availability.surelyTaken(request.performance_no, request.seat_count, request.line_seats)
      if (late.length > 0) {
        this.#want(request, -1)
        waiting.resolve({ kind: 'lost', unavailable: late })
        continue
      }
      const own = marksOf(request)
      if (own.some((mark) => this.#in_flight.has(mark))) {
        left.push(waiting)
        continue
      }
      for (const mark of own) this.#in_flight.add(mark)
      marks.push(...own)
      batch.push(waiting)
    }
    this.#waiting = [...left, ...this.#waiting.slice(LOOK_MAX)]
    return { batch, marks }
  }

  /**
   * The outcome is unknown: the batch may have been committed and its answer lost. All its keys count as known from now
   * on, so that the availability cache does not refuse a retry that must get its 201.
   */
  #failed(batch: readonly Waiting[], error: unknown): void {
    for (const { request, reject } of batch) {
      this.#o.keys.add(request.owner_id, request.key)
      reject(error)
    }
  }

  async #decide(batch: Waiting[]): Promise<void> {
    const sent_at_ms = performance.now()
    const rows = await this.#call(batch)
    if (rows === null) {
      for (const waiting of batch) waiting.resolve({ kind: 'saturated' })
      return
    }
    const first = rows[0]
    if (first === undefined) throw new Error('hold_batch answered nothing')
    this.#o.clock.observe(Date.parse(first.t), sent_at_ms)
    this.#o.onPublished()
    if (first.request === null) {
      for (const waiting of batch) this.#won(waiting, first.ends_at)
      return
    }
    for (const row of rows) {
      const waiting = batch[(row.request ?? 0) - 1]
      if (waiting === undefined) throw new Error('hold_batch answered for a request that was not asked')
      this.#answer(waiting, row)
    }
  }

  /**
   * Null: PostgreSQL rolled every attempt back, so nothing was held. A deadlock costs the whole batch, and a unique
   * violation means that another process used one of the keys in the same moment; the next attempt finds it.
   */
  async #call(batch: readonly Waiting[]): Promise<BatchRow[] | null> {
    const statement = batch[0]?.places === true ? sql.hold_places_batch : sql.hold_batch
    const params = paramsOf(batch, this.#o.hold_seconds)
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        return await this.#o.lane.many<BatchRow>(statement, params)
      } catch (error) {
        if (!isRolledBack(error)) throw error
      }
    }
    return null
  }

  #want(request: HoldRequest, change: 1 | -1): void {
    for (const seat of request.line_seats) {
      const mark = seatMark(request.performance_no, seat)
      const count = (this.#wanted.get(mark) ?? 0) + change
      if (count > 0) this.#wanted.set(mark, count)
      else this.#wanted.delete(mark)
    }
  }

  #answer(waiting: Waiting, row: BatchRow): void {
    switch (row.kind) {
      case 'won':
        return this.#won(waiting, row.ends_at)
      case 'lost':
        return waiting.resolve({ kind: 'lost', unavailable: row.unavailable ?? [] })
      case 'replayed':
        return waiting.resolve({ kind: 'replayed', booking_id: row.known_booking_id ?? '' })
      case 'limited':
      case 'closed':
      case 'saturated':
        return waiting.resolve({ kind: row.kind })
    }
  }

  #won(waiting: Waiting, ends_at: string): void {
    const { request } = waiting
    this.#o.keys.add(request.owner_id, request.key)
    if (!waiting.places) {
      const until_ms = Date.parse(ends_at)
      this.#o.availability.took(request.performance_no, request.line_seats, until_ms)
      this.#o.onTaken(request.performance_no, request.line_seats, until_ms)
    }
    waiting.resolve({ kind: 'won', ends_at })
  }
}

/** A seat of a performance as one number; a chart has at most 80,000 seats. */
function seatMark(performance_no: number, seat: number): number {
  return performance_no * 0x20000 + seat
}

/** What must not be in flight twice: each seat as one number, the key, and the person where a limit counts them. */
function marksOf(request: HoldRequest): (string | number)[] {
  const marks: (string | number)[] = request.line_seats
    .filter((seat) => seat >= 0)
    .map((seat) => seatMark(request.performance_no, seat))
  marks.push(`${request.owner_id} ${request.key}`)
  if (request.person_limit !== null) marks.push(`${request.owner_id} at ${request.performance_no}`)
  return marks
}

function isRolledBack(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === UNIQUE_VIOLATION || error.code === DEADLOCK_DETECTED)
  )
}

const literal = (numbers: readonly number[]): string => `{${numbers.join(',')}}`

function paramsOf(batch: readonly Waiting[], hold_seconds: number): Record<string, unknown> {
  const requests = batch.map((waiting) => waiting.request)
  return {
    hold_seconds,
    booking_ids: requests.map((r) => r.booking_id),
    owners: requests.map((r) => r.owner_id),
    keys: requests.map((r) => r.key),
    hashes: requests.map((r) => r.body_hash),
    performances: requests.map((r) => r.performance_no),
    seats: requests.map((r) => literal(r.line_seats)),
    tiers: requests.map((r) => literal(r.line_tiers)),
    quantities: requests.map((r) => literal(r.line_quantities)),
    prices: requests.map((r) => literal(r.line_prices)),
    totals: requests.map((r) => r.total),
    person_limits: requests.map((r) => r.person_limit),
    event_parts: requests.map((r) => r.event_part),
  }
}
