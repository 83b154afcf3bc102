import type { HeldBooking, HoldBody } from '@tessera/contracts/http/booking'
import { newId } from '@tessera/contracts/ids'
import { formatMoney } from '@tessera/contracts/money'
import { type ChargeLimits, chargeRefusal } from '@tessera/contracts/pricing/chargeable'
import type { Source } from '#platform/http'
import type { KnownChargeLimits } from './charge-limits.ts'
import type { BookingConfig } from './deps.ts'
import type { HoldLimits } from './hold-limits.ts'
import type { HoldRefusal } from './hold-usage.ts'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import type { HoldBatcher } from './inventory/batcher.ts'
import type { ClaimCheck } from './inventory/claim-check.ts'
import type { DatabaseClock } from './inventory/database-clock.ts'
import type { KeyLookup } from './inventory/key-lookup.ts'
import type { KnownKeys } from './inventory/known-keys.ts'
import { heldBody, isGeneralAdmission, takenBy } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import type { OnSaleStore } from './on-sale-store.ts'
import { limited, quantityTaken, seatsTaken } from './refusal-details.ts'
import { type Resolution, resolve } from './resolve.ts'

export type HoldDeps = {
  on_sale: OnSaleStore
  lookup: KeyLookup
  claim_check: ClaimCheck
  /** Read at each refusal: another process may have joined since the last one. */
  config: Pick<BookingConfig, 'several_processes'>
  availability: AvailabilityCache
  batcher: HoldBatcher
  keys: KnownKeys
  clock: DatabaseClock
  charge_limits: KnownChargeLimits
  /** Null: no limits. */
  hold_limits: HoldLimits | null
}

/** `body_hash` detects another body under the same key; it is computed on demand. */
export type HoldInput = {
  owner_id: string
  /** The addresses that the request counts against. Absent: only the owner counts. */
  sources?: readonly Source[]
  request: { readonly key: string; readonly body_hash: string }
  body: HoldBody
}

export type HoldOutcome =
  | { kind: 'held'; booking: HeldBooking }
  | { kind: 'replayed'; booking: HeldBooking }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'unknown-performance' }
  | ({ kind: 'too-many-holds' } & HoldRefusal)
  | Exclude<Resolution, { kind: 'lines' }>
  | { kind: 'saturated' }

/**
 * Decide once more: a copy in memory was outdated, or best available lost a race. `otherwise` when the attempts are
 * used up.
 */
type Again = { kind: 'again'; otherwise: HoldOutcome }

/** Under many publications a request may meet several newer revisions in a row. */
const TRIES_MAX = 20
const SATURATED = { kind: 'saturated' } as const

/**
 * Holds seats or general-admission quantities for `hold_seconds`, all or nothing. Refuses in the order of the README.
 * The idempotency key takes precedence over every refusal: a retry of a won hold gets its answer again although its
 * seats are (rightly) taken by now, or the sale has closed. A winning hold needs no look-up: the database checks the
 * key itself.
 */
export async function hold(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome> {
  const outcome = await decideWithinLimits(deps, input)
  const decided = outcome.kind === 'held' || outcome.kind === 'replayed' || outcome.kind === 'idempotency-mismatch'
  if (decided || !deps.keys.mayHave(input.owner_id, input.request.key)) return outcome
  return (await replay(deps, input)) ?? outcome
}

/** Refuses owners with too many open or unused holds before doing any other work. */
async function decideWithinLimits(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome> {
  if (deps.hold_limits === null) return decide(deps, input)
  const entering = deps.hold_limits.enter(input.owner_id, input.sources ?? [])
  const pass = entering instanceof Promise ? await entering : entering
  if (pass.kind === 'refused') return { kind: 'too-many-holds', ...pass.refusal }
  let won: { booking_id: string; ends_at_ms: number } | null = null
  try {
    const outcome = await decide(deps, input)
    if (outcome.kind === 'held') {
      const { booking_id, hold_expires_at } = outcome.booking
      won = { booking_id, ends_at_ms: Date.parse(hold_expires_at) }
    }
    return outcome
  } finally {
    pass.leave(won)
  }
}

async function decide(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome> {
  const { performance_id } = input.body
  for (let attempt = 1; ; attempt++) {
    const sale = deps.on_sale.get(performance_id) ?? (await deps.on_sale.load(performance_id))
    if (sale === undefined) return { kind: 'unknown-performance' }
    const outcome = await decideBy(deps, input, sale)
    if (outcome.kind !== 'again') return outcome
    if (attempt >= TRIES_MAX) return outcome.otherwise
  }
}

/**
 * Decides by this copy of the sale. A refusal based on memory alone is final only while memory is known to be current.
 */
async function decideBy(deps: HoldDeps, input: HoldInput, sale: OnSale): Promise<HoldOutcome | Again> {
  const { performance_no, seat_count } = sale
  const known = deps.charge_limits.get()
  const charge_limits = known instanceof Promise ? await known : known
  if (input.body.best_available !== undefined) await deps.availability.warm(performance_no, seat_count)
  let wanted = resolveByCache(deps, input.body, sale, charge_limits)
  if (wanted.kind === 'seat-unavailable' && deps.config.several_processes) {
    await deps.availability.refresh(performance_no, seat_count)
    wanted = resolveByCache(deps, input.body, sale, charge_limits)
  }
  // No await between this and the batcher, so that the next request already sees which seats are wanted.
  switch (wanted.kind) {
    case 'lines':
      return claim(deps, input, sale, wanted)
    case 'malformed-request':
    case 'seat-unavailable':
      return wanted
    case 'unknown-seats':
    case 'not-on-sale':
    case 'limit-exceeded':
      if (!deps.config.several_processes || (await deps.on_sale.isNewest(sale))) return wanted
      return { kind: 'again', otherwise: wanted }
  }
}

function resolveByCache(deps: HoldDeps, body: HoldBody, sale: OnSale, charge_limits: ChargeLimits | null): Resolution {
  const isTaken = deps.availability.isTaken(sale.performance_no, sale.seat_count)
  const unavailable = (seat: number): boolean => isTaken(seat) || deps.batcher.isWanted(sale.performance_no, seat)
  const wanted = resolve(sale, body, deps.clock.latestMs(), unavailable)
  if (wanted.kind !== 'lines' || charge_limits === null) return wanted
  const reason = chargeRefusal(wanted.total, charge_limits)
  if (reason === null) return wanted
  return { kind: 'limit-exceeded', detail: `The total of this order, ${formatMoney(wanted.total)}, ${reason}.` }
}

/** Refused by the availability cache when certainly taken, otherwise decided by the database in its batch. */
async function claim(
  deps: HoldDeps,
  input: HoldInput,
  sale: OnSale,
  wanted: Extract<Resolution, { kind: 'lines' }>,
): Promise<HoldOutcome | Again> {
  const { lines, total } = wanted
  const isBest = input.body.best_available !== undefined
  if (!isGeneralAdmission(lines)) {
    const taken = deps.availability.surelyTaken(sale.performance_no, sale.seat_count, lines.line_seats)
    if (taken.length > 0) return refuseTaken(deps, sale, taken, isBest)
  }
  const booking_id = newId('bk')
  const result = await deps.batcher.submit({
    booking_id,
    owner_id: input.owner_id,
    key: input.request.key,
    body_hash: input.request.body_hash,
    performance_no: sale.performance_no,
    revision: sale.revision,
    seat_count: sale.seat_count,
    ...lines,
    total: total.amount,
    line_person_limits: wanted.line_person_limits,
    event_part: JSON.stringify(takenBy(booking_id, lines, sale)),
  })
  switch (result.kind) {
    case 'won':
      return {
        kind: 'held',
        booking: heldBody({ booking_id, status: 'held', expires_at: result.ends_at, ...lines }, sale),
      }
    case 'cached-taken':
      return refuseTaken(deps, sale, result.unavailable, isBest)
    case 'lost': {
      const lost = seatsTaken(sale, result.unavailable)
      return isBest ? { kind: 'again', otherwise: lost } : lost
    }
    case 'short':
      return quantityTaken(sale, result.unavailable)
    case 'replayed':
      return (await replay(deps, input)) ?? SATURATED
    case 'stale':
      deps.on_sale.forget(sale.performance_id)
      return { kind: 'again', otherwise: SATURATED }
    case 'limited':
      return limited(sale, result.tier_no)
    case 'closed':
      return { kind: 'not-on-sale', detail: 'This performance is not on sale any more.' }
    case 'saturated':
      return SATURATED
  }
}

/** With several processes the database confirms the cache: another process may have released the seats. */
async function refuseTaken(
  deps: HoldDeps,
  sale: OnSale,
  cached: readonly number[],
  isBest: boolean,
): Promise<HoldOutcome | Again> {
  const { performance_no } = sale
  const { config, claim_check } = deps
  const taken = config.several_processes ? await claim_check.stillTaken(performance_no, cached) : cached
  const refusal = seatsTaken(sale, taken.length > 0 ? taken : cached)
  if (taken.length > 0 && !isBest) return refusal
  deps.availability.freed(
    performance_no,
    cached.filter((seat) => !taken.includes(seat)),
  )
  return { kind: 'again', otherwise: refusal }
}

/** The original answer, rebuilt from the booking row. */
async function replay(deps: HoldDeps, input: HoldInput): Promise<HoldOutcome | undefined> {
  const row = await deps.lookup.find(input.owner_id, input.request.key)
  if (row === undefined) return undefined
  if (row.body_hash !== input.request.body_hash) return { kind: 'idempotency-mismatch' }
  return {
    kind: 'replayed',
    booking: heldBody({ ...row, status: 'held' }, await deps.on_sale.loadByNo(row.performance_no)),
  }
}
