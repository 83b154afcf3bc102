import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { BookingStatus } from '@tessera/contracts/rpc/booking'
import { publisher } from '#platform/bus'
import { type Db, loadSql } from '#platform/db'
import { type Lines, takenBy } from './lines.ts'
import type { OnSaleStore } from './on-sale-store.ts'
import { saleTransaction } from './sale-transaction.ts'

export type ReleaseDeps = {
  db: Db
  on_sale: OnSaleStore
  onFreed(performance_no: number, seats: readonly number[]): void
}
export type ReleaseOutcome = { kind: 'released' } | { kind: 'not-held'; status: BookingStatus }

type Row = Lines & {
  performance_no: number
  status: BookingStatus
  alive: boolean
  performance_id: string
}

const sql = loadSql(import.meta.url, ['lock', 'booking', 'free', 'mark_released', 'log'])
const publish = publisher<BookingEvents>()

/** Releases a live hold. Only seats that it still has become free. */
export async function release(
  deps: ReleaseDeps,
  input: { booking_id: string; actor: string },
): Promise<ReleaseOutcome> {
  let freed: { performance_no: number; seats: number[] } | undefined
  const outcome = await saleTransaction(deps, async (tx, saleOf): Promise<ReleaseOutcome> => {
    freed = undefined
    const { booking_id, actor } = input
    await tx.one(sql.lock, { booking_id })
    const row = await tx.one<Row>(sql.booking, { booking_id })
    if (!row.alive) return { kind: 'not-held', status: row.status === 'held' ? 'expired' : row.status }
    const seats = row.line_seats.filter((seat) => seat >= 0)
    const given = await tx.one<{ freed: number[] }>(sql.free, { booking_id, performance_no: row.performance_no, seats })
    await tx.none(sql.mark_released, { booking_id })
    await tx.none(sql.log, { booking_id, actor })
    const taken = takenBy(booking_id, row, saleOf(row))
    const still = new Set(given.freed)
    await publish(tx, 'booking.released', row.performance_id, {
      performance_id: row.performance_id,
      bookings: [
        {
          ...taken,
          seats: taken.seats.filter((seat) => still.has(seat)),
          seat_tiers: taken.seat_tiers.filter((_tier, i) => still.has(taken.seats[i] ?? -1)),
        },
      ],
    })
    freed = { performance_no: row.performance_no, seats: given.freed }
    return { kind: 'released' }
  })
  if (freed !== undefined) deps.onFreed(freed.performance_no, freed.seats)
  return outcome
}
