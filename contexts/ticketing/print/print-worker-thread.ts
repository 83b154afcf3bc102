/** The ticket printer's thread: draws tickets as PDF. Only it loads the drawing library and the fonts. */
import { serveJobs } from '#platform/workers'
import { drawTickets } from './draw-tickets.ts'
import type { TicketPrint } from './printed-ticket.ts'

serveJobs(
  async (print: TicketPrint) => Uint8Array.from(await drawTickets(print)),
  (pdf) => [pdf.buffer],
)
