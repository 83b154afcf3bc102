import { type Db, loadSql } from '#platform/db'
import type { Signals } from '#platform/signals'
import type { Storage } from '#platform/storage'

const sql = loadSql(import.meta.url, ['with_void_tickets'])
const FOLDER = 'prints'
const BATCH_MAX = 1_000

/** Where the drawn tickets of a booking are: all of them in one folder, so that they go together. */
export function printsOf(booking_id: string): string {
  return `${FOLDER}/${booking_id}`
}

/** Tells every process that tickets of these bookings are void: `ticketing.voided` `{ booking_ids }`. */
export function announceVoided(signals: Signals, booking_ids: readonly string[]): void {
  for (const booking_id of booking_ids) signals.send('ticketing.voided', { booking_id })
}

/**
 * Removes the prints on this machine of bookings whose tickets are void, when it hears of one and, for those it did not
 * hear of, now: names and codes of tickets that admit nobody are not kept. Returns the way to stop listening.
 */
export async function removeVoidPrints(deps: { db: Db; signals: Signals; storage: Storage }): Promise<() => void> {
  const { db, signals, storage } = deps
  const remove = (booking_id: string): Promise<void> => storage.removeFolder(printsOf(booking_id))
  const stop = signals.on('ticketing.voided', (data) => {
    // Found again at the next start, if it fails.
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
