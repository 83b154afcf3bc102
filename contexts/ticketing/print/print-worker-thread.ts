/** The ticket printer's thread: draws tickets as PDF. Only it loads the drawing library and the fonts. */
import { serveJobs } from '#platform/workers'
import { drawTickets } from './draw-tickets.ts'
import type { PrintedTicket } from './ticket-page.ts'

serveJobs(
  async (tickets: readonly PrintedTicket[]) => Uint8Array.from(await drawTickets(tickets)),
  (pdf) => [pdf.buffer],
)
