import type { Confirmed, LineItem } from '@tessera/contracts/events/booking'
import type { TicketingEvents } from '@tessera/contracts/events/ticketing'
import { newId } from '@tessera/contracts/ids'
import { newCodeId } from '@tessera/contracts/ticket-code'
import { batchPublisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['issue_tickets'])
const publishAll = batchPublisher<TicketingEvents>()

type TicketLine = {
  seat_no: number | null
  seat_id: string | null
  seat_label: string
  tier_id: string
  tier_name: string
}
type IssuedRow = Omit<TicketLine, 'seat_no'> & {
  booking_id: string
  ticket_id: string
  code_id: string
  status: 'active' | 'void'
}

/**
 * Issues one ticket for each seat and each general-admission ticket of confirmed bookings, in one statement, and one
 * event per booking. Idempotent. A booking that has been cancelled gets void tickets, which are not announced.
 */
export async function issue(tx: Tx, bookings: readonly Confirmed[]): Promise<void> {
  const tickets = bookings.flatMap((booking) =>
    ticketLinesOf(booking).map((line, index) => ({ booking, line, position: index + 1 })),
  )
  const issued = await tx.many<IssuedRow>(sql.issue_tickets, {
    booking_ids: tickets.map(({ booking }) => booking.booking_id),
    positions: tickets.map(({ position }) => position),
    performance_ids: tickets.map(({ booking }) => booking.performance_id),
    event_ids: tickets.map(({ booking }) => booking.event_id),
    organization_ids: tickets.map(({ booking }) => booking.organization_id),
    user_ids: tickets.map(({ booking }) => booking.user_id),
    first_names: tickets.map(({ booking }) => booking.holder?.first_name ?? null),
    last_names: tickets.map(({ booking }) => booking.holder?.last_name ?? null),
    ticket_ids: tickets.map(() => newId('tkt')),
    seat_nos: tickets.map(({ line }) => line.seat_no),
    seat_ids: tickets.map(({ line }) => line.seat_id),
    seat_labels: tickets.map(({ line }) => line.seat_label),
    tier_ids: tickets.map(({ line }) => line.tier_id),
    tier_names: tickets.map(({ line }) => line.tier_name),
    code_ids: tickets.map(newCodeId),
  })
  const active = Map.groupBy(
    issued.filter((ticket) => ticket.status === 'active'),
    (ticket) => ticket.booking_id,
  )
  const news = bookings.flatMap((booking) => {
    const own = active.get(booking.booking_id)
    return own === undefined ? [] : [{ key: booking.booking_id, payload: newsOf(booking, own) }]
  })
  await publishAll(tx, 'ticketing.tickets_issued', news)
}

function newsOf(
  { booking_id, performance_id, event_id, organization_id, holder }: Confirmed,
  tickets: readonly IssuedRow[],
): TicketingEvents['ticketing.tickets_issued'] {
  const name = holder === null ? null : { first_name: holder.first_name, last_name: holder.last_name }
  return {
    booking_id,
    performance_id,
    tickets: tickets.map(({ status: _, ...ticket }) => ({
      ...ticket,
      performance_id,
      event_id,
      organization_id,
      holder: name,
    })),
  }
}

/** Seats in the booking's order, then general-admission tickets one by one; labels come from the priced lines. */
export function ticketLinesOf(
  confirmed: Pick<Confirmed, 'booking_id' | 'seats' | 'places' | 'line_items'>,
): TicketLine[] {
  const bySeat = new Map(confirmed.line_items.map((line) => [line.seat_no, line]))
  const byTier = new Map(
    confirmed.line_items.filter((line) => line.seat_no === null).map((line) => [line.tier_id, line]),
  )
  const lineOf = (line: LineItem | undefined): LineItem => {
    if (line === undefined) throw new Error(`Booking ${confirmed.booking_id} has a seat or quantity without a line`)
    return line
  }
  const seated = confirmed.seats.map((seat_no): TicketLine => {
    const { seat_id, label, tier_id, tier_name } = lineOf(bySeat.get(seat_no))
    return { seat_no, seat_id: seat_id ?? String(seat_no), seat_label: label, tier_id, tier_name }
  })
  const standing = confirmed.places.flatMap(({ tier_id, quantity }) => {
    const { tier_name } = lineOf(byTier.get(tier_id))
    const line: TicketLine = { seat_no: null, seat_id: null, seat_label: tier_name, tier_id, tier_name }
    return Array.from({ length: quantity }, () => line)
  })
  return [...seated, ...standing]
}
