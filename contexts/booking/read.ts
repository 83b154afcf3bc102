import { isId, lastId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import type { BookingStatus } from '@tessera/contracts/rpc/booking'
import { type Lookup, openLookup } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import { decodeCursor, pageOf } from '#platform/http'
import type { Lines } from './lines.ts'

export type BookingRow = Lines & {
  booking_id: string
  performance_no: number
  owner_id: string
  total: number
  expires_at: string
  held_at: string
  status: BookingStatus
  performance_id: string
  event_id: string
  organization_id: string
  title: string
  currency: string
  start_time: string
  performance_status: 'on_sale' | 'cancelled'
  cancellation_reason: 'buyer' | 'event-cancelled' | null
  cancelled_at: string | null
  refund_percent: number | null
  /** Null until the refund has been requested. */
  refund_amount: number | null
  /** The database's clock. */
  db_now: string
  alive: boolean
  /** How often the order link was revoked. */
  link_version: number
  /** Order links end 30 days after the performance. */
  link_alive: boolean
}

const sql = loadSql(import.meta.url, ['bookings', 'mine'])

/** Bookings by id. */
export type BookingReads = Lookup<string, BookingRow>

export function openBookingReads(db: Db): BookingReads {
  return openLookup(async (booking_ids) => {
    const rows = await db.many<BookingRow>(sql.bookings, { booking_ids })
    return new Map(rows.map((row) => [row.booking_id, row]))
  })
}

/**
 * A booking's present state: a hold past its expiry is expired, and one of a cancelled event released, whether or not a
 * job has processed it.
 */
export async function readBooking(reads: BookingReads, booking_id: string): Promise<BookingRow | undefined> {
  return isId('bk', booking_id) ? reads(booking_id) : undefined
}

type SummaryRow = {
  id: string
  performance_id: string
  event_id: string
  title: string
  start_time: string
  currency: string
  total: number
  hold_expires_at: string
  held_at: string
  status: BookingStatus
  places: number
}

/** The bookings of one owner, newest first. An invalid cursor begins at the start. */
export async function myBookings(
  db: Db,
  owner_id: string,
  { limit, cursor, status }: { limit: number; cursor: string | undefined; status: BookingStatus | undefined },
) {
  const [before] = (cursor === undefined ? undefined : decodeCursor(cursor, 1)) ?? [lastId('bk')]
  const rows = await db.many<SummaryRow>(sql.mine, { owner_id, before, status: status ?? null, limit: limit + 1 })
  const { items, next_cursor } = pageOf(rows, limit, (row) => [row.id])
  return { items: items.map(({ currency, total, ...row }) => ({ ...row, total: money(total, currency) })), next_cursor }
}
