import type { Confirmed } from '@tessera/contracts/events/booking'
import { type Money, money } from '@tessera/contracts/money'
import type { SettlementReason, SettleOutcome } from '@tessera/contracts/rpc/booking'
import { Batcher, resultsInOrder } from '#platform/batching'
import { type Db, loadSql, retryRolledBack } from '#platform/db'
import { currentTraceparent } from '#platform/telemetry'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import type { SeatsOf } from './inventory/taken-seats.ts'
import { lineItems, takenBy } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import type { OnSaleStore } from './on-sale-store.ts'
import { type BookingReads, type BookingRow, readBooking } from './read.ts'

export type SettleDeps = {
  db: Db
  on_sale: OnSaleStore
  reads: BookingReads
  settlements: Settlements
  availability: AvailabilityCache
  published(topics: readonly string[]): void
  onTaken(taken: readonly SeatsOf[], until_ms: number): void
}

export type SettleInput = {
  booking_id: string
  /** Null confirms a booking that costs nothing. */
  payment_id: string | null
  amount: Money | null
  holder: { first_name: string; last_name: string; email: string } | null
  actor: string
}

/** A settlement with the `booking.confirmed` it publishes, as JSON text. */
type Settlement = SettleInput & SeatsOf & { event: string; traceparent: string | null }

type Decision =
  | { kind: 'confirmed'; event_id: string }
  | { kind: 'seats-gone'; reason: SettlementReason | null }
  | { kind: Exclude<SettleOutcome['kind'], 'confirmed' | 'seats-gone'> | 'late' }

export type Settlements = Batcher<Settlement, Decision>

const sql = loadSql(import.meta.url, ['settle_batch', 'settle_late'])
/** Two in flight: a batch that waits for one performance's lock must not delay the others. */
const LIMITS = {
  batch_size_max: 128,
  in_flight_max: 2,
  overlap_after_ms: 20,
  queue_length_max: 20_000,
  split_on_failure: true,
}

/**
 * Decides settlements in batches (`platform/batching`): a quota is locked until its transaction commits, so
 * unbatched orders would serialize on that row lock. No booking is in flight twice.
 */
export function openSettlements(deps: Pick<SettleDeps, 'db' | 'published' | 'availability' | 'onTaken'>): Settlements {
  return new Batcher({
    ...LIMITS,
    keysOf: ({ booking_id }) => [booking_id],
    run: async (settlements) => {
      const decisions = await decide(deps.db, settlements)
      announceSold(
        deps,
        settlements.filter((_settlement, i) => decisions[i]?.kind === 'confirmed'),
      )
      return decisions
    },
  })
}

function announceSold(
  deps: Pick<SettleDeps, 'published' | 'availability' | 'onTaken'>,
  sold: readonly SeatsOf[],
): void {
  if (sold.length === 0) return
  deps.published(['booking.confirmed'])
  for (const { performance_no, seats } of sold) deps.availability.took(performance_no, seats, Infinity)
  deps.onTaken(sold, Infinity)
}

/**
 * Gives a booking to the payment that paid for it, once, for the API, the webhook and the reconciler alike. A payment
 * captured after the hold ended gets the same seats if they are free; otherwise the caller refunds it (`seats-gone`, with
 * the reason). A second payment of a confirmed booking is refunded too (`paid-otherwise`). A refusal is recorded; later
 * calls return the same verdict and reason. `known` saves reading the booking.
 */
export async function settle(deps: SettleDeps, input: SettleInput, known?: BookingRow): Promise<SettleOutcome> {
  const { booking_id } = input
  const booking = known ?? (await readBooking(deps.reads, booking_id))
  if (booking === undefined) return { kind: 'unknown-booking', booking_id }
  const sale = await saleOf(deps.on_sale, booking)
  const event = JSON.stringify(confirmedEvent(booking, sale, input))
  const { performance_no, line_seats } = booking
  const seats = line_seats.filter((seat) => seat >= 0)
  const settlement: Settlement = { ...input, performance_no, seats, event, traceparent: currentTraceparent() }
  const decision = await deps.settlements.submit(settlement)
  const outcome = decision.kind === 'late' ? await settleLate(deps, settlement) : decision
  switch (outcome.kind) {
    case 'confirmed':
      return { kind: outcome.kind, booking_id, event_id: outcome.event_id }
    case 'seats-gone':
      return { kind: outcome.kind, booking_id, reason: outcome.reason }
    case 'late':
      throw new Error(`${booking_id} was left undecided`)
    default:
      return { kind: outcome.kind, booking_id }
  }
}

/** The cached copy, reloaded when it is older than a tier of the booking. */
async function saleOf(on_sale: OnSaleStore, { performance_no, line_tiers }: BookingRow): Promise<OnSale> {
  const sale = on_sale.kept(performance_no) ?? (await on_sale.loadByNo(performance_no))
  return line_tiers.every((tier_no) => sale.tierByNo.has(tier_no)) ? sale : on_sale.reload(performance_no)
}

function confirmedEvent(booking: BookingRow, sale: OnSale, input: SettleInput): Confirmed {
  const { booking_id, performance_id, event_id, organization_id } = booking
  const { seats, seat_tiers, places } = takenBy(booking_id, booking, sale)
  return {
    booking_id,
    performance_id,
    event_id,
    organization_id,
    user_id: booking.owner_id,
    payment_id: input.payment_id,
    holder: input.holder,
    seats,
    seat_tiers,
    places,
    line_items: lineItems(booking, sale),
    total: money(booking.total, sale.currency),
    retaken: false,
  }
}

async function decide(db: Db, settlements: readonly Settlement[]): Promise<Decision[]> {
  const rows = await db.many<{ request: number } & Decision>(sql.settle_batch, {
    booking_ids: settlements.map((one) => one.booking_id),
    payment_ids: settlements.map((one) => one.payment_id),
    amounts: settlements.map((one) => one.amount?.amount ?? null),
    currencies: settlements.map((one) => one.amount?.currency ?? null),
    actors: settlements.map((one) => one.actor),
    events: settlements.map((one) => one.event),
    traceparents: settlements.map((one) => one.traceparent),
  })
  return resultsInOrder(settlements, rows, (row) => row)
}

/**
 * Expired holds are settled in a separate transaction: a batch locks only its own claims, not those of other buyers.
 */
async function settleLate(deps: SettleDeps, settlement: Settlement): Promise<Decision> {
  const { booking_id, payment_id, amount, actor, event, traceparent } = settlement
  const decision = await retryRolledBack(() =>
    deps.db.one<Decision>(sql.settle_late, {
      booking_id,
      payment_id,
      amount: amount?.amount ?? null,
      currency: amount?.currency ?? null,
      actor,
      event,
      traceparent,
    }),
  )
  if (decision.kind === 'confirmed') announceSold(deps, [settlement])
  return decision
}
