import type { OwnerChanged } from '@tessera/contracts/events/booking'
import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['remember_owner', 'move_tickets'])

/** Gives the tickets of these bookings, issued or still to be, to the new owner. Idempotent. */
export async function adoptTickets(tx: Tx, { booking_ids, user_id }: OwnerChanged): Promise<void> {
  const owned = { booking_ids: [...booking_ids].sort(), user_id }
  await tx.none(sql.remember_owner, owned)
  await tx.none(sql.move_tickets, owned)
}
