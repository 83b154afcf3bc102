import { type Db, loadSql } from '#platform/db'
import type { Signals } from '#platform/signals'
import type { Storage } from '#platform/storage'

const sql = loadSql(import.meta.url, ['with_void_tickets'])
const FOLDER = 'prints'
const BATCH_MAX = 1_000

/** The folder of a booking's prints: all of them in one, so that they are removed together. */
export function printsOf(booking_id: string): string {
  return `${FOLDER}/${booking_id}`
}

/** Tells every process that tickets of these bookings are void: `ticketing.voided` `{ booking_ids }`. */
export function announceVoided(signals: Signals, booking_ids: readonly string[]): void {
  for (const booking_id of booking_ids) signals.send('ticketing.voided', { booking_id })
}

/**
 * Removes this machine's prints of bookings whose tickets are void: at each signal, and now for those whose signal was
 * missed, because void tickets' names and codes need not be stored. Returns a function that stops listening.
 */
export async function removeVoidPrints(deps: { db: Db; signals: Signals; storage: Storage }): Promise<() => void> {
  const { db, signals, storage } = deps
  const remove = (booking_id: string): Promise<void> => storage.removeFolder(printsOf(booking_id))
  const stop = signals.on('ticketing.voided', (data) => {
    // If it fails, the next start removes it.
    remove((data as { booking_id: string }).booking_id).catch(() => undefined)
  })
  const printed = await storage.list(FOLDER)
  for (let at = 0; at < printed.length; at += BATCH_MAX) {
    const booking_ids = printed.slice(at, at + BATCH_MAX)
    const rows = await db.many<{ booking_id: string }>(sql.with_void_tickets, { booking_ids })
    for (const row of rows) await remove(row.booking_id)
  }
  return stop
}
