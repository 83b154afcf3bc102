import { createHash } from 'node:crypto'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { fullName } from '@tessera/contracts/person-name'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import PDFDocument from 'pdfkit'
import type { Storage } from '#platform/storage'
import type { Log } from '#platform/telemetry'
import { holderNames } from '../holder-names.ts'
import { printsOf } from '../prints.ts'
import type { SeatPlaces } from '../seat-places.ts'
import type { SigningKeys } from '../signing-keys.ts'
import { holderOf, type TicketRow } from '../ticket-row.ts'
import { drawTicketPage, PAGE, type PrintedTicket } from './ticket-page.ts'

type Deps = {
  identity: Pick<IdentityRpc, 'person'>
  seatPlaces: SeatPlaces
  signingKeys: SigningKeys
  storage: Storage
  log: Log
}

/** Tickets as a PDF: A6, a page each, tagged for screen readers, its fonts within it. Drawn once, then kept. */
export async function printTickets(deps: Deps, rows: readonly TicketRow[]): Promise<Buffer> {
  const names = await holderNames(deps, rows)
  const tickets = await Promise.all(
    rows.map(async (row): Promise<PrintedTicket> => {
      const holder = holderOf(row) ?? names.get(row.user_id)
      return {
        row,
        code: await deps.signingKeys.codeOf(row),
        place: await deps.seatPlaces.placeOf(row.chart_id, row.seat_no),
        holder: holder === undefined ? null : fullName(holder),
      }
    }),
  )
  // What is printed names the file, so a changed ticket is another file; a page costs 12 ms, a stored one nothing.
  const hash = createHash('sha256').update(JSON.stringify(tickets)).digest('hex')
  const key = `${printsOf(rows[0]?.booking_id ?? 'none')}/${hash}.pdf`
  const stored = await deps.storage.get(key)
  if (stored !== undefined) return Buffer.from(stored)
  const pdf = await drawTickets(tickets)
  await deps.storage.put(key, pdf)
  return pdf
}

export async function drawTickets(tickets: readonly PrintedTicket[]): Promise<Buffer> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    tagged: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: { Title: titleOf(tickets), Producer: 'Tessera', Creator: 'Tessera' },
    // Otherwise Helvetica is named in every file, and embedded in none.
    font: '',
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const written = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject))
  const root = doc.struct('Document')
  doc.addStructure(root)
  for (const ticket of tickets) {
    doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 })
    const section = doc.struct('Sect')
    root.add(section)
    await drawTicketPage(doc, section, ticket)
    section.end()
    // A page takes about 12 ms: a long booking must not keep everyone else waiting.
    await yieldToOthers()
  }
  root.end()
  doc.end()
  await written
  return Buffer.concat(chunks)
}

function titleOf(tickets: readonly PrintedTicket[]): string {
  const title = tickets[0]?.row.title ?? ''
  return `${tickets.length > 1 ? 'Tickets' : 'Ticket'}: ${title}`.toWellFormed()
}
