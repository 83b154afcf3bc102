/** A ticket as the door needs to know it. */
export type IssuedTicket = {
  ticket_id: string
  /** What the signed code carries; not the ticket's id. */
  code_id: string
  booking_id: string
  performance_id: string
  event_id: string
  organization_id: string
  /** The chart's own seat id; null for general admission. */
  seat_id: string | null
  /** "Stalls, row F, seat 12"; for general admission, the tier's name. */
  seat_label: string
  tier_id: string
  tier_name: string
  holder: { first_name: string; last_name: string } | null
}

/** Keyed by booking. */
export type TicketingEvents = {
  'ticketing.tickets_issued': { booking_id: string; performance_id: string; tickets: IssuedTicket[] }
  'ticketing.tickets_voided': { booking_id: string; performance_id: string; ticket_ids: string[] }
}
