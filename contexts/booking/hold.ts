import type { HeldBooking, HoldBody } from '@tessera/contracts/http/booking'
import { newId } from '@tessera/contracts/ids'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import type { HoldBatcher } from './inventory/batcher.ts'
import type { DatabaseClock } from './inventory/database-clock.ts'
import type { KeyLookup } from './inventory/key-lookup.ts'
import type { KnownKeys } from './inventory/known-keys.ts'
import { heldBody, type Lines, quoteOf, takenBy } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import { type Resolution, resolve } from './resolve.ts'
import type { SaleStore } from './sale-store.ts'

export type HoldDeps = {
  sales: SaleStore
  lookup: KeyLookup
  availability: AvailabilityCache
  batcher: HoldBatcher
  keys: KnownKeys
  clock: DatabaseClock
}

/** `body_hash` tells another body under the same key; it is read only when it is needed. */
export type HoldInput = {
  owner_id: string
  request: { readonly key: string; readonly body_hash: string }
  body: HoldBody
}

export type HoldOutcome =
  | { kind: 'held'; booking: HeldBooking }
  | { kind: 'replayed'; booking: HeldBooking }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'unknown-performance' }
  | Exclude<Resolution, { kind: 'lines' } | { kind: 'seat-unavailable' }>
  /** Seat ids, or the tier id where places or neighbours ran short. */
  | { kind: 'seat-unavailable'; unavailable: string[] }
  | { kind: 'saturated' }

/** Best available guesses from the availability cache; when someone was faster it looks again. */
const BEST_TRIES_MAX = 5

/**
 * Holds seats or places for `hold_seconds`, all or nothing. Refuses in the order of the README. No refusal outranks the
 * key: a retry of a hold that was won gets its answer again though its seats are (rightly) taken by now, or the sale has
 * closed. A hold that wins needs no look-up: the database meets the key itself.
 */
export async function hold(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome> {
  const outcome = await decide(deps, input)
  const decided = outcome.kind === 'held' || outcome.kind === 'replayed' || outcome.kind === 'idempotency-mismatch'
  if (decided || !deps.keys.mayHave(input.owner_id, input.request.key)) return outcome
  return (await replay(deps, input)) ?? outcome
}

async function decide(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome> {
  const sale = deps.sales.get(input.body.performance_id) ?? (await deps.sales.load(input.body.performance_id))
  if (sale === undefined) return { kind: 'unknown-performance' }
  if (sale.status === 'cancelled') return { kind: 'not-on-sale', detail: 'This performance was cancelled.' }
  for (let attempt = 1; ; attempt++) {
    if (input.body.best_available !== undefined) await deps.availability.warm(sale.performance_no, sale.seat_count)
    const taken = deps.availability.isTaken(sale.performance_no, sale.seat_count)
    const spoken = (seat: number): boolean => taken(seat) || deps.batcher.isWanted(sale.performance_no, seat)
    const wanted = resolve(sale, input.body, deps.clock.latestMs(), spoken)
    if (wanted.kind !== 'lines') return wanted
    const outcome = await claim(deps, input, sale, wanted)
    if (outcome.kind !== 'seat-unavailable' || input.body.best_available === undefined || attempt >= BEST_TRIES_MAX)
      return outcome
  }
}

/** The decision: refused at the availability cache when surely taken, else by the database in its batch. */
async function claim(
  deps: HoldDeps,
  input: HoldInput,
  sale: OnSale,
  wanted: { lines: Lines; person_limit: number | null },
): Promise<HoldOutcome> {
  const { lines } = wanted
  if (lines.line_seats[0] !== -1) {
    const late = deps.availability.surelyTaken(sale.performance_no, sale.seat_count, lines.line_seats)
    if (late.length > 0) return { kind: 'seat-unavailable', unavailable: seatIds(sale, late) }
  }
  const booking_id = newId('bk')
  const total = quoteOf(lines, sale.currency).total.amount
  const result = await deps.batcher.submit({
    booking_id,
    owner_id: input.owner_id,
    key: input.request.key,
    body_hash: input.request.body_hash,
    performance_no: sale.performance_no,
    seat_count: sale.seat_count,
    ...lines,
    total,
    person_limit: wanted.person_limit,
    event_part: JSON.stringify(takenBy(booking_id, lines, sale)),
  })
  switch (result.kind) {
    case 'won':
      return {
        kind: 'held',
        booking: heldBody({ booking_id, status: 'held', expires_at: result.ends_at, ...lines }, sale),
      }
    case 'lost':
      return {
        kind: 'seat-unavailable',
        unavailable: lines.line_seats[0] === -1 ? tierIds(sale, result.unavailable) : seatIds(sale, result.unavailable),
      }
    case 'replayed':
      return (await replay(deps, input)) ?? { kind: 'saturated' }
    case 'limited':
      return {
        kind: 'limit-exceeded',
        detail: 'With what you hold or have already, this is more than one person may have.',
      }
    case 'closed':
      return { kind: 'not-on-sale', detail: 'This performance is not on sale any more.' }
    case 'saturated':
      return { kind: 'saturated' }
  }
}

/** The answer of then: the booking row keeps everything it was made of. */
async function replay(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome | undefined> {
  const row = await deps.lookup.find(input.owner_id, input.request.key)
  if (row === undefined) return undefined
  if (row.body_hash !== input.request.body_hash) return { kind: 'idempotency-mismatch' }
  return {
    kind: 'replayed',
    booking: heldBody({ ...row, status: 'held' }, await deps.sales.loadByNo(row.performance_no)),
  }
}

function seatIds(sale: OnSale, seats: readonly number[]): string[] {
  return seats.map((seat) => sale.chart?.chart.seats[seat]?.id ?? String(seat))
}

function tierIds(sale: OnSale, tiers: readonly number[]): string[] {
  return tiers.map((tier_no) => sale.tierByNo.get(tier_no)?.tier_id ?? String(tier_no))
}
