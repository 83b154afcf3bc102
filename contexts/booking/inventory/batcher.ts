import { Batcher, resultsInOrder, SaturatedError } from '#platform/batching'
import { type Db, loadSql, wasRolledBack } from '#platform/db'
import { isGeneralAdmission } from '../lines.ts'
import type { AvailabilityCache } from './availability-cache.ts'
import type { DatabaseClock } from './database-clock.ts'
import type { KnownKeys } from './known-keys.ts'
import type { SeatsOf } from './taken-seats.ts'

/** A hold resolved to numbers and priced, to be decided by the database. */
export type HoldRequest = {
  booking_id: string
  owner_id: string
  key: string
  body_hash: string
  performance_no: number
  /** Revision of the copy that the tiers and prices were read from. */
  revision: number
  seat_count: number
  /** Parallel: seat -1 is general admission. */
  line_seats: number[]
  line_tiers: number[]
  line_quantities: number[]
  line_prices: number[]
  total: number
  /** Parallel to the lines: the limit per person of that line's tier; null when no tier has a limit. */
  line_person_limits: (number | null)[] | null
  /** This booking's part of the `booking.held` event, as JSON text. */
  event_part: string
}

/** Kinds as in `sql/hold_batch.sql`; `cached-taken` and `saturated` are decided here. */
export type HoldResult =
  | { kind: 'won'; ends_at: string }
  | { kind: 'lost'; unavailable: number[] }
  /** A quota has too little left; `unavailable` are the tiers that draw on it. */
  | { kind: 'short'; unavailable: number[] }
  /** Refused by the availability cache while it waited, without a database call. */
  | { kind: 'cached-taken'; unavailable: number[] }
  | { kind: 'replayed' }
  | { kind: 'limited'; tier_no: number }
  | { kind: 'closed' }
  | { kind: 'stale' }
  | { kind: 'saturated' }

type BatchRow = {
  db_now: string
  ends_at: string
  request: number | null
  kind: Exclude<HoldResult['kind'], 'cached-taken' | 'saturated'>
  unavailable: number[] | null
}

type HoldBatcherOptions = {
  pool: Db
  hold_seconds: number
  availability: AvailabilityCache
  clock: DatabaseClock
  keys: KnownKeys
  /** Called with the seats that a batch's winners took, for one signal to other processes. */
  onTaken(taken: readonly SeatsOf[], until_ms: number): void
  /** Called after each batch that was decided, whether or not one of its requests won. */
  onPublished(): void
}

/** 512 instead of 256, or a third batch in flight, gained nothing. */
const LIMITS = { batch_size_max: 256, in_flight_max: 2, queue_length_max: 20_000 }
/** Two processes may insert the same idempotency key; the next attempt reads the winner's row. */
const RETRY_ALSO = ['23505']

const sql = loadSql(import.meta.url, ['hold_batch'], './hold-batch.sql')

/**
 * Decides holds in batches (`platform/batching`). No seat and no (owner, key) is in flight twice, and under a limit per
 * person no (person, performance): the later request waits for the next batch, so requests are served in order of
 * arrival, and by then the availability cache usually has the answer. A batch holds either seats or general admission.
 *
 * Measured (2 cores shared with the client, 2 seats a hold): 15,000-56,000 holds/s in batches, 9,400-14,900 with a
 * transaction each.
 */
export class HoldBatcher {
  readonly #o: HoldBatcherOptions
  readonly #batcher: Batcher<HoldRequest, HoldResult>
  /** Seats wanted by requests in progress, with the number of requests. */
  readonly #wanted = new Map<number, number>()

  constructor(options: HoldBatcherOptions) {
    this.#o = options
    this.#batcher = new Batcher<HoldRequest, HoldResult>({
      ...LIMITS,
      retry_also: RETRY_ALSO,
      run: (requests) => this.#decide(requests),
      keysOf,
      groupOf: isGeneralAdmission,
      answerEarly: (request) => this.#surelyLost(request),
      settled: (request) => this.#want(request, -1),
    })
  }

  async submit(request: HoldRequest): Promise<HoldResult> {
    this.#want(request, 1)
    try {
      return await this.#batcher.submit(request)
    } catch (error) {
      // Or PostgreSQL rolled every attempt back, so nothing is held.
      if (error instanceof SaturatedError || wasRolledBack(error, { also: RETRY_ALSO })) return { kind: 'saturated' }
      throw error
    }
  }

  /** True while a request in progress wants this seat; best available avoids such seats. */
  isWanted(performance_no: number, seat: number): boolean {
    return this.#wanted.has(seatMark(performance_no, seat))
  }

  queueLength(): number {
    return this.#batcher.queueLength()
  }

  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void> {
    return this.#batcher.drain()
  }

  /** Refuses by the availability cache, which may have changed while the request waited. */
  #surelyLost(request: HoldRequest): HoldResult | undefined {
    if (isGeneralAdmission(request)) return undefined
    const { performance_no, seat_count, line_seats } = request
    const unavailable = this.#o.availability.surelyTaken(performance_no, seat_count, line_seats)
    return unavailable.length === 0 ? undefined : { kind: 'cached-taken', unavailable }
  }

  async #decide(requests: readonly HoldRequest[]): Promise<HoldResult[]> {
    const sent_at_ms = performance.now()
    const rows = await this.#call(requests).catch((error: unknown) => {
      // The outcome is unknown: the batch may have been committed and its answer lost. From now on all its keys count
      // as known, so that the availability cache does not refuse a retry that must get its 201.
      for (const { owner_id, key } of requests) this.#o.keys.add(owner_id, key)
      throw error
    })
    const first = rows[0]
    if (first === undefined) throw new Error('hold_batch answered nothing')
    this.#o.clock.observe(Date.parse(first.db_now), sent_at_ms)
    this.#o.onPublished()
    const results = this.#resultsOf(requests, rows, first)
    const won = requests.filter((request, i) => results[i]?.kind === 'won' && !isGeneralAdmission(request))
    if (won.length > 0) {
      const taken = won.map(({ performance_no, line_seats }) => ({ performance_no, seats: line_seats }))
      this.#o.onTaken(taken, Date.parse(first.ends_at))
    }
    return results
  }

  #resultsOf(requests: readonly HoldRequest[], rows: readonly BatchRow[], first: BatchRow): HoldResult[] {
    if (first.request === null) return requests.map((request) => this.#won(request, first.ends_at))
    return resultsInOrder(requests, rows, (row, request) => this.#resultOf(request, row))
  }

  #call(requests: readonly HoldRequest[]): Promise<BatchRow[]> {
    return this.#o.pool.many<BatchRow>(sql.hold_batch, paramsOf(requests, this.#o.hold_seconds))
  }

  #want(request: HoldRequest, change: 1 | -1): void {
    for (const seat of request.line_seats) {
      const mark = seatMark(request.performance_no, seat)
      const count = (this.#wanted.get(mark) ?? 0) + change
      if (count > 0) this.#wanted.set(mark, count)
      else this.#wanted.delete(mark)
    }
  }

  #resultOf(request: HoldRequest, row: BatchRow): HoldResult {
    switch (row.kind) {
      case 'won':
        return this.#won(request, row.ends_at)
      case 'lost':
      case 'short':
        return { kind: row.kind, unavailable: row.unavailable ?? [] }
      case 'limited':
        return { kind: 'limited', tier_no: limitedTier(row) }
      case 'replayed':
      case 'stale':
      case 'closed':
        return { kind: row.kind }
    }
  }

  #won(request: HoldRequest, ends_at: string): HoldResult {
    this.#o.keys.add(request.owner_id, request.key)
    if (!isGeneralAdmission(request))
      this.#o.availability.took(request.performance_no, request.line_seats, Date.parse(ends_at))
    return { kind: 'won', ends_at }
  }
}

function limitedTier({ unavailable }: BatchRow): number {
  const tier_no = unavailable?.[0]
  if (tier_no === undefined) throw new Error('A hold refused for a limit per person names no tier')
  return tier_no
}

/** A seat of a performance as one number; a chart has at most 80,000 seats. */
function seatMark(performance_no: number, seat: number): number {
  return performance_no * 0x20000 + seat
}

/**
 * Keys that must not be in flight twice: each seat as one number, the idempotency key, and the person where a limit
 * applies.
 */
function keysOf(request: HoldRequest): (string | number)[] {
  const marks: (string | number)[] = request.line_seats
    .filter((seat) => seat >= 0)
    .map((seat) => seatMark(request.performance_no, seat))
  marks.push(`${request.owner_id} ${request.key}`)
  if (request.line_person_limits !== null) marks.push(`${request.owner_id} at ${request.performance_no}`)
  return marks
}

const literal = (numbers: readonly number[]): string => `{${numbers.join(',')}}`

const nullable = (numbers: readonly (number | null)[]): string => `{${numbers.map((n) => n ?? 'null').join(',')}}`

function paramsOf(requests: readonly HoldRequest[], hold_seconds: number): Record<string, unknown> {
  return {
    hold_seconds,
    booking_ids: requests.map((r) => r.booking_id),
    owners: requests.map((r) => r.owner_id),
    keys: requests.map((r) => r.key),
    hashes: requests.map((r) => r.body_hash),
    performances: requests.map((r) => r.performance_no),
    revisions: requests.map((r) => r.revision),
    seats: requests.map((r) => literal(r.line_seats)),
    tiers: requests.map((r) => literal(r.line_tiers)),
    quantities: requests.map((r) => literal(r.line_quantities)),
    prices: requests.map((r) => literal(r.line_prices)),
    totals: requests.map((r) => r.total),
    person_limits: requests.map((r) => (r.line_person_limits === null ? null : nullable(r.line_person_limits))),
    event_parts: requests.map((r) => r.event_part),
    tier_nos: [...new Set(requests.flatMap((r) => r.line_tiers))],
  }
}
