import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import type { IssuedTicket, TicketingEvents } from '@tessera/contracts/events/ticketing'
import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['know_performance', 'know_tickets', 'void_tickets'])

/** Local copy of ticket data, fed by events, so that scanning a known ticket waits for no other context. */
export async function knowPerformance(db: Queryable, published: PerformancePublished): Promise<void> {
  await db.none(sql.know_performance, published)
}

/** Adds tickets; those that are unknown here are void from the start when `status` says so. */
export async function knowTickets(
  db: Queryable,
  tickets: readonly (IssuedTicket & { status: 'active' | 'void' })[],
): Promise<void> {
  await db.none(sql.know_tickets, {
    ticket_ids: tickets.map((ticket) => ticket.ticket_id),
    code_ids: tickets.map((ticket) => ticket.code_id),
    booking_ids: tickets.map((ticket) => ticket.booking_id),
    performance_ids: tickets.map((ticket) => ticket.performance_id),
    event_ids: tickets.map((ticket) => ticket.event_id),
    organization_ids: tickets.map((ticket) => ticket.organization_id),
    seat_ids: tickets.map((ticket) => ticket.seat_id),
    seat_labels: tickets.map((ticket) => ticket.seat_label),
    tier_ids: tickets.map((ticket) => ticket.tier_id),
    tier_names: tickets.map((ticket) => ticket.tier_name),
    holder_first_names: tickets.map((ticket) => ticket.holder?.first_name ?? null),
    holder_last_names: tickets.map((ticket) => ticket.holder?.last_name ?? null),
    are_void: tickets.map((ticket) => ticket.status === 'void'),
  })
}

export async function voidTickets(db: Queryable, voided: TicketingEvents['ticketing.tickets_voided']): Promise<void> {
  await db.none(sql.void_tickets, { booking_id: voided.booking_id, ticket_ids: voided.ticket_ids })
}
