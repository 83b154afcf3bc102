/** A row of `ticket_details`: a ticket with ticketing's copy of its performance. */
export type TicketRow = {
  ticket_id: string
  booking_id: string
  position: number
  performance_id: string
  event_id: string
  organization_id: string
  user_id: string
  seat_no: number | null
  seat_id: string | null
  seat_label: string
  tier_id: string
  tier_name: string
  holder_first_name: string | null
  holder_last_name: string | null
  code_id: string
  key_id: string
  status: 'active' | 'void'
  issued_at: string
  tickets_of_booking: number
  revision: number
  chart_id: string | null
  title: string
  genre: string
  start_time: string
  end_time: string
  doors_time: string | null
  venue_id: string
  venue_name: string
  venue_address: string
  venue_city: string
  venue_country: string
  time_zone: string
  /** Time of the latest change of the ticket or its performance. */
  changed_at: string
}

/** The holder as the ticket names them; null when the order named no holder. */
export function holderOf(
  row: Pick<TicketRow, 'holder_first_name' | 'holder_last_name'>,
): { first_name: string; last_name: string } | null {
  const { holder_first_name: first_name, holder_last_name: last_name } = row
  return first_name === null || last_name === null ? null : { first_name, last_name }
}
