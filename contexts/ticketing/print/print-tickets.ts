import { createHash } from 'node:crypto'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Language } from '@tessera/contracts/messages/languages'
import { fullName } from '@tessera/contracts/person-name'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Log } from '#platform/telemetry'
import { holderNames } from '../holder-names.ts'
import { printsOf } from '../prints.ts'
import type { SeatPositions } from '../seat-positions.ts'
import type { SigningKeys } from '../signing-keys.ts'
import { holderOf, type TicketRow } from '../ticket-row.ts'
import type { PrintedTicket } from './printed-ticket.ts'
import type { PrintOutcome, TicketPrinter } from './ticket-printer.ts'

type Deps = {
  identity: Pick<IdentityRpc, 'person'>
  seatPositions: SeatPositions
  signingKeys: SigningKeys
  printer: TicketPrinter
  log: Log
}

/** Signing a code takes some 50 µs: yields to the event loop after this many. */
const SIGNED_PER_TURN = 50

/**
 * Tickets of one booking as a PDF in a language, drawn once and then stored. Refuses (`saturated`) when too many prints
 * are waiting.
 */
export async function printTickets(deps: Deps, rows: readonly TicketRow[], language: Language): Promise<PrintOutcome> {
  const names = await holderNames(deps, rows)
  const tickets: PrintedTicket[] = []
  for (const row of rows) {
    const holder = holderOf(row) ?? names.get(row.user_id)
    tickets.push({
      row,
      code: await deps.signingKeys.codeOf(row),
      position: await deps.seatPositions.positionOf(row.chart_id, row.seat_no),
      holder: holder === undefined ? null : fullName(holder),
    })
    if (tickets.length % SIGNED_PER_TURN === 0) await yieldToOthers()
  }
  // The printed content names the file, so a changed ticket or another language is another file.
  const print = { language, tickets }
  const hash = createHash('sha256').update(JSON.stringify(print)).digest('hex')
  return deps.printer.print(`${printsOf(rows[0]?.booking_id ?? 'none')}/${hash}.pdf`, print)
}
