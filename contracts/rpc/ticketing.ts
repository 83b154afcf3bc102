import type { IssuedTicket } from '../events/ticketing.ts'

export type TicketSummary = {
  id: string
  seat_id: string | null
  tier_id: string
  status: 'active' | 'used' | 'void' | 'transferred'
}

/** What the door asks when it meets a code that its own copy does not know yet. */
export type DoorTicket = IssuedTicket & { status: 'active' | 'void' }

export type TicketingRpc = {
  tickets_of(input: { booking_id: string }): Promise<TicketSummary[]>
  door_ticket(input: { code_id: string }): Promise<DoorTicket | null>
  /** Public keys for verifying ticket codes offline, by key id: Ed25519, 32 bytes in base64url, as in a JWK's `x`. */
  code_keys(input: Record<string, never>): Promise<{ key_id: string; public_key: string }[]>
}
