import type { Confirmed, LineItem } from '@tessera/contracts/events/booking'
import type { TicketingEvents } from '@tessera/contracts/events/ticketing'
import { newId } from '@tessera/contracts/ids'
import { newCodeId } from '@tessera/contracts/ticket-code'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['issue_tickets'])
const publish = publisher<TicketingEvents>()

type Place = { seat_no: number | null; seat_id: string | null; seat_label: string; tier_id: string; tier_name: string }
type IssuedRow = Omit<Place, 'seat_no'> & { ticket_id: string; code_id: string; status: 'active' | 'void' }

/**
 * One ticket for each seat and each place of a confirmed booking, in one statement, and the news of them. Doing it again
 * adds nothing. A booking that was cancelled in the meantime gets its tickets void, unannounced.
 */
export async function issue(tx: Tx, confirmed: Confirmed): Promise<void> {
  const { booking_id, performance_id, event_id, organization_id, user_id, holder } = confirmed
  const places = placesOf(confirmed)
  const issued = await tx.many<IssuedRow>(sql.issue_tickets, {
    booking_id,
    performance_id,
    event_id,
    organization_id,
    user_id,
    first_name: holder?.first_name ?? null,
    last_name: holder?.last_name ?? null,
    ticket_ids: places.map(() => newId('tkt')),
    seat_nos: places.map((place) => place.seat_no),
    seat_ids: places.map((place) => place.seat_id),
    seat_labels: places.map((place) => place.seat_label),
    tier_ids: places.map((place) => place.tier_id),
    tier_names: places.map((place) => place.tier_name),
    code_ids: places.map(newCodeId),
  })
  const active = issued.filter((ticket) => ticket.status === 'active')
  if (active.length === 0) return
  const holder_name = holder === null ? null : { first_name: holder.first_name, last_name: holder.last_name }
  await publish(tx, 'ticketing.tickets_issued', booking_id, {
    booking_id,
    performance_id,
    tickets: active.map(({ status: _, ...ticket }) => ({
      ...ticket,
      booking_id,
      performance_id,
      event_id,
      organization_id,
      holder: holder_name,
    })),
  })
}

/** Seats in the booking's order, then general-admission places one by one; names come from the priced lines. */
export function placesOf(confirmed: Pick<Confirmed, 'booking_id' | 'seats' | 'places' | 'line_items'>): Place[] {
  const bySeat = new Map(confirmed.line_items.map((line) => [line.seat_no, line]))
  const byTier = new Map(
    confirmed.line_items.filter((line) => line.seat_no === null).map((line) => [line.tier_id, line]),
  )
  const lineOf = (line: LineItem | undefined): LineItem => {
    if (line === undefined)
      throw new Error(`Booking ${confirmed.booking_id} took something that none of its lines names`)
    return line
  }
  const seated = confirmed.seats.map((seat_no): Place => {
    const { seat_id, label, tier_id, tier_name } = lineOf(bySeat.get(seat_no))
    return { seat_no, seat_id: seat_id ?? String(seat_no), seat_label: label, tier_id, tier_name }
  })
  const standing = confirmed.places.flatMap(({ tier_id, quantity }) => {
    const { tier_name } = lineOf(byTier.get(tier_id))
    const place: Place = { seat_no: null, seat_id: null, seat_label: tier_name, tier_id, tier_name }
    return Array.from({ length: quantity }, () => place)
  })
  return [...seated, ...standing]
}
