/** A ticket as the door needs to know it. */
export type IssuedTicket = {
  ticket_id: string
  code_id: string
  booking_id: string
  performance_id: string
  event_id: string
  organization_id: string
  seat_label: string
  tier_name: string
  holder_name: string
}

/** Keyed by booking. */
export type TicketingEvents = {
  'ticketing.tickets_issued': { booking_id: string; performance_id: string; tickets: IssuedTicket[] }
  'ticketing.tickets_voided': { booking_id: string; performance_id: string; ticket_ids: string[] }
}
