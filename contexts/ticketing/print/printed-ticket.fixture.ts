import { generateKeyPairSync, sign } from 'node:crypto'
import { newCodeId, ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import type { TicketRow } from '../ticket-row.ts'
import type { PrintedTicket } from './printed-ticket.ts'

const { privateKey } = generateKeyPairSync('ed25519')

export function ticketFor(holder: string | null, changes: Partial<TicketRow> = {}): PrintedTicket {
  const row: TicketRow = {
    ticket_id: 'tkt_1',
    booking_id: 'bk_01m8n7k8vsfgka5agf8hj57fk1',
    position: 1,
    performance_id: 'perf_1',
    event_id: 'evt_1',
    organization_id: 'org_1',
    user_id: 'usr_1',
    seat_no: 0,
    seat_id: 'F-12',
    seat_label: 'Stalls, row F, seat 12',
    tier_id: 'tier_1',
    tier_name: 'Stalls',
    holder_first_name: null,
    holder_last_name: null,
    code_id: newCodeId(),
    key_id: '00000001',
    status: 'active',
    issued_at: '2026-10-01T08:00:00.000Z',
    tickets_of_booking: 2,
    revision: 1,
    chart_id: null,
    title: 'Monsoon Ragas',
    genre: 'classical',
    start_time: '2026-11-28T12:30:00.000Z',
    end_time: '2026-11-28T15:30:00.000Z',
    doors_time: null,
    venue_id: 'ven_1',
    venue_name: 'Old Opera House',
    venue_address: 'Mathew Road',
    venue_city: 'Mumbai',
    venue_country: 'IN',
    time_zone: 'Asia/Kolkata',
    changed_at: '2026-10-01T08:00:00.000Z',
    ...changes,
  }
  const body = ticketCodeBody(row)
  return {
    row,
    code: ticketCode(body, sign(null, Buffer.from(body), privateKey)),
    position: { section: 'Stalls', row: 'F', number: '12' },
    holder,
  }
}
