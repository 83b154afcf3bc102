import type { Language } from '@tessera/contracts/messages/languages'
import type { SeatPosition } from '../seat-positions.ts'
import type { TicketRow } from '../ticket-row.ts'

export type PrintedTicket = { row: TicketRow; code: string; position: SeatPosition | null; holder: string | null }

/** What is printed as one document. */
export type TicketPrint = { language: Language; tickets: readonly PrintedTicket[] }
