export type TicketSummary = {
  id: string
  seat_id: string | null
  tier_id: string
  status: 'active' | 'used' | 'void' | 'transferred'
}

/** What the door asks when it meets a code that its own copy does not know yet. */
export type DoorTicket = {
  ticket_id: string
  code_id: string
  booking_id: string
  performance_id: string
  event_id: string
  organization_id: string
  seat_label: string
  tier_name: string
  holder_name: string
  status: 'active' | 'void'
}

export type TicketingRpc = {
  tickets_of(input: { booking_id: string }): Promise<TicketSummary[]>
  door_ticket(input: { code_id: string }): Promise<DoorTicket | null>
  /** Public keys for verifying ticket codes offline, by key id. */
  code_keys(input: Record<string, never>): Promise<{ key_id: string; public_key: string }[]>
}
