import type { BookingEvents } from '@tessera/contracts/events/booking'
import { type Money, money } from '@tessera/contracts/money'
import type { BookingStatus, SettleOutcome } from '@tessera/contracts/rpc/booking'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import { type Lines, lineItems, takenBy } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import type { SaleStore } from './sale-store.ts'
import { saleTransaction } from './sale-transaction.ts'

export type SettleDeps = {
  db: Db
  sales: SaleStore
  availability: AvailabilityCache
  onTaken(performance_no: number, seats: readonly number[], until_ms: number): void
}

export type SettleInput = {
  booking_id: string
  /** Null confirms a booking that costs nothing. */
  payment_id: string | null
  amount: Money | null
  holder: { first_name: string; last_name: string; email: string } | null
  actor: string
}

type BookingRow = Lines & {
  booking_id: string
  performance_no: number
  owner_id: string
  status: BookingStatus
  payment_id: string | null
  total: number
  currency: string
  performance_id: string
  event_id: string
  organization_id: string
  performance_status: 'on_sale' | 'cancelled'
}

const sql = loadSql(import.meta.url, ['lock', 'lock_booking', 'keep_claims', 'mark_confirmed', 'log'])
const publish = publisher<BookingEvents>()

/**
 * Gives a booking to what paid for it, once, for the API, the webhook and the reconciler alike. A payment that lands after
 * the hold ended keeps the same seats if nobody has them; else the caller refunds it (`seats-gone`). A second payment of a
 * confirmed booking is refunded too (`paid-otherwise`). The row lock decides between this and the sweep.
 */
export async function settle(deps: SettleDeps, input: SettleInput): Promise<SettleOutcome> {
  let sold: { performance_no: number; seats: number[] } | undefined
  const outcome = await saleTransaction(deps, async (tx, saleOf): Promise<SettleOutcome> => {
    sold = undefined
    const { booking_id } = input
    await tx.one(sql.lock, { booking_id })
    const booking = await tx.maybe<BookingRow>(sql.lock_booking, { booking_id })
    if (booking === undefined) return { kind: 'unknown-booking', booking_id }
    const refusal = refusalOf(booking, input)
    if (refusal !== null) return refusal
    const { kept } = await tx.one<{ kept: 'kept' | 'retaken' | 'gone' }>(sql.keep_claims, { booking_id })
    if (kept === 'gone') return { kind: 'seats-gone', booking_id }
    const event_id = await confirm(tx, booking, saleOf(booking), input, kept === 'retaken')
    sold = { performance_no: booking.performance_no, seats: booking.line_seats.filter((seat) => seat >= 0) }
    return { kind: 'confirmed', booking_id, event_id }
  })
  if (sold !== undefined && sold.seats.length > 0) {
    deps.availability.took(sold.performance_no, sold.seats, Infinity)
    deps.onTaken(sold.performance_no, sold.seats, Infinity)
  }
  return outcome
}

function refusalOf(booking: BookingRow, input: SettleInput): SettleOutcome | null {
  const { booking_id } = booking
  const due = money(booking.total, booking.currency)
  if (input.amount !== null && (input.amount.amount !== due.amount || input.amount.currency !== due.currency)) {
    return { kind: 'amount-mismatch', booking_id }
  }
  if (input.amount === null && booking.total > 0) return { kind: 'amount-mismatch', booking_id }
  switch (booking.status) {
    case 'confirmed':
      return { kind: booking.payment_id === input.payment_id ? 'already-confirmed' : 'paid-otherwise', booking_id }
    case 'cancelled':
      return { kind: booking.payment_id === input.payment_id ? 'already-confirmed' : 'seats-gone', booking_id }
    case 'released':
      return { kind: 'seats-gone', booking_id }
    case 'held':
    case 'expired':
      return booking.performance_status === 'cancelled' ? { kind: 'seats-gone', booking_id } : null
  }
}

async function confirm(
  tx: Tx,
  booking: BookingRow,
  sale: OnSale,
  input: SettleInput,
  retaken: boolean,
): Promise<string> {
  const { booking_id, performance_id, event_id, organization_id } = booking
  await tx.none(sql.mark_confirmed, { booking_id, payment_id: input.payment_id })
  // A hold that ended without having been swept yet expires now, for the log to stay true, and is confirmed from there.
  const late = retaken && booking.status === 'held'
  await tx.none(sql.log, {
    booking_id,
    actor: input.actor,
    payment_id: input.payment_id,
    from_statuses: late ? ['held', 'expired'] : [booking.status],
    to_statuses: late ? ['expired', 'confirmed'] : ['confirmed'],
  })
  const { seats, seat_tiers, places } = takenBy(booking_id, booking, sale)
  return publish(tx, 'booking.confirmed', performance_id, {
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
    total: money(booking.total, booking.currency),
    retaken: booking.status === 'expired',
  })
}
