import type { Cancelled } from '@tessera/contracts/events/booking'
import type { TicketingEvents } from '@tessera/contracts/events/ticketing'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['mark_cancelled', 'void_active'])
const publish = publisher<TicketingEvents>()

/** Voids every active ticket of a cancelled booking and announces it. Idempotent. */
export async function voidTickets(tx: Tx, { booking_id, performance_id }: Cancelled): Promise<void> {
  await tx.none(sql.mark_cancelled, { booking_id })
  const voided = await tx.many<{ ticket_id: string }>(sql.void_active, { booking_id })
  if (voided.length === 0) return
  const ticket_ids = voided.map((ticket) => ticket.ticket_id).sort()
  await publish(tx, 'ticketing.tickets_voided', booking_id, { booking_id, performance_id, ticket_ids })
}
