import type { BookingStatus } from '@tessera/contracts/rpc/booking'
import { type Db, loadSql } from '#platform/db'

export type ReleaseDeps = {
  db: Db
  onFreed(performance_no: number, seats: readonly number[]): void
  published(topics: readonly string[]): void
}
export type ReleaseOutcome = { kind: 'released' } | { kind: 'not-held'; status: BookingStatus }

type Freed = { performance_no: number; freed: number[] }

const sql = loadSql(import.meta.url, ['lock', 'booking', 'end_hold'])

/** Releases a live hold. Only seats that it still has become free. */
export async function release(
  { db, onFreed, published }: ReleaseDeps,
  input: { booking_id: string; actor: string },
): Promise<ReleaseOutcome> {
  const ended = await db.transaction(async (tx): Promise<Freed | { status: BookingStatus }> => {
    await tx.one(sql.lock, { booking_id: input.booking_id })
    const { status, alive } = await tx.one<{ status: BookingStatus; alive: boolean }>(sql.booking, {
      booking_id: input.booking_id,
    })
    if (!alive) return { status: status === 'held' ? 'expired' : status }
    return tx.one<Freed>(sql.end_hold, input)
  })
  if ('status' in ended) return { kind: 'not-held', status: ended.status }
  onFreed(ended.performance_no, ended.freed)
  published(['booking.released'])
  return { kind: 'released' }
}
