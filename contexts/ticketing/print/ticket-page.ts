import { orderNumberOf } from '@tessera/contracts/order-number'
import { POSTER_SEAM_LINE, poster } from '@tessera/contracts/poster'
import { shortCodeOf } from '@tessera/contracts/short-code'
import { qrModules, qrPath } from '../qr.ts'
import type { SeatPosition } from '../seat-positions.ts'
import type { TicketRow } from '../ticket-row.ts'
import { type Doc, drawLine, isText } from './draw-line.ts'
import { type Fit, fitText } from './fit-text.ts'
import { whenOf } from './when.ts'

/** A6 portrait, in points. */
export const PAGE = { width: 297.64, height: 419.53 }

export type PrintedTicket = { row: TicketRow; code: string; position: SeatPosition | null; holder: string | null }

const INK = '#171512'
const MUTED = '#625b52'
const LINE = '#d8d2c8'
const MARGIN = 20
const INNER = PAGE.width - 2 * MARGIN
const BAND_HEIGHT = 74
const QR_SIDE = 126
/** The perforation above the stub with the code. */
const STUB_TOP = 226
const NOTCH_RADIUS = 7
const LINE_EM = 1.16

type Block = { tag: 'H1' | 'P'; text: string; fit: Omit<Fit, 'width'>; color: string; width?: number; align?: 'center' }

/** Draws one ticket on the current page and adds its content, in reading order, under `parent`. */
export async function drawTicketPage(
  doc: Doc,
  parent: PDFKit.PDFStructureElement,
  ticket: PrintedTicket,
): Promise<void> {
  drawBand(doc, ticket.row)
  const { row } = ticket
  const when = whenOf(row)
  const doors = when.doors === null ? '' : ` · doors ${when.doors}`
  let y = BAND_HEIGHT + 12
  y = await say(doc, parent, MARGIN, y, {
    tag: 'H1',
    text: row.title,
    fit: { role: 'display', lines_max: 2, sizes: [22, 18, 15] },
    color: INK,
  })
  y = await say(doc, parent, MARGIN, y + 4, {
    tag: 'P',
    text: `${when.day}, ${when.time}${doors}`,
    fit: { role: 'strong', lines_max: 1, sizes: [10, 9, 8] },
    color: INK,
  })
  y = await say(doc, parent, MARGIN, y + 2, { tag: 'P', text: when.zone, fit: small(8), color: MUTED })
  const where = [row.venue_name, row.venue_address, row.venue_city].filter((part) => part !== '').join(', ')
  await say(doc, parent, MARGIN, y + 2, {
    tag: 'P',
    text: where,
    fit: { role: 'text', lines_max: 1, sizes: [9, 8, 7] },
    color: MUTED,
  })
  await drawFields(doc, parent, fieldsOf(ticket))
  await drawStub(doc, parent, ticket)
}

function small(size: number): Omit<Fit, 'width'> {
  return { role: 'text', lines_max: 1, sizes: [size, size - 1] }
}

/** The mosaic, cut to the band; decoration to a screen reader. */
function drawBand(doc: Doc, { title, genre }: TicketRow): void {
  const picture = poster({ title, genre, ratio: 2.5 })
  const scale = PAGE.width / picture.width
  doc.markContent('Artifact', { type: 'Layout' })
  doc.save().rect(0, 0, PAGE.width, BAND_HEIGHT).clip()
  doc.rect(0, 0, PAGE.width, BAND_HEIGHT).fill(picture.background)
  doc.translate(0, (BAND_HEIGHT - picture.height * scale) / 2).scale(scale)
  for (const tile of picture.tiles) {
    doc
      .save()
      .translate(tile.x, tile.y)
      .lineWidth(POSTER_SEAM_LINE / scale / 2)
    for (const part of tile.parts) doc.path(part.d).fillAndStroke(part.fill, part.fill)
    doc.restore()
  }
  doc.restore()
  doc.endMarkedContent()
}

type Field = { name: string; value: string; share: number }

/** The data that ushers need, large: area, row and seat, or the ticket's label. */
function fieldsOf({ row, position }: PrintedTicket): Field[] {
  const named = [
    { name: 'Area', value: position?.section ?? '', share: 2 },
    { name: 'Row', value: position?.row ?? '', share: 1 },
    { name: 'Seat', value: position?.number ?? '', share: 1 },
  ].filter((field) => field.value !== '')
  if (row.seat_id === null) return [{ name: 'Area', value: row.tier_name, share: 1 }]
  return named.length === 0 ? [{ name: 'Seat', value: row.seat_label, share: 1 }] : named
}

async function drawFields(doc: Doc, parent: PDFKit.PDFStructureElement, fields: readonly Field[]): Promise<void> {
  const shares = fields.reduce((sum, field) => sum + field.share, 0)
  let x = MARGIN
  for (const { name, value, share } of fields) {
    const width = (INNER * share) / shares
    const y = await say(doc, parent, x, STUB_TOP - 47, { tag: 'P', text: name, fit: small(8), color: MUTED, width })
    await say(doc, parent, x, y + 2, {
      tag: 'P',
      text: value,
      fit: { role: 'display', lines_max: 1, sizes: [18, 15, 12, 9] },
      color: INK,
      width: width - 8,
    })
    x += width
  }
}

async function drawStub(
  doc: Doc,
  parent: PDFKit.PDFStructureElement,
  { row, code, holder }: PrintedTicket,
): Promise<void> {
  drawPerforation(doc)
  const modules = qrModules(code)
  const scale = QR_SIDE / modules.length
  const left = (PAGE.width - QR_SIDE) / 2
  const top = STUB_TOP + 11
  // Dark on white on any background; the page leaves more than four modules free on every side.
  parent.add(
    doc.struct('Figure', { alt: 'The code that is scanned at the door' }, () => {
      doc.save().translate(left, top).scale(scale).path(qrPath(modules)).fill('#000000').restore()
    }),
  )
  const people = [row.tickets_of_booking > 1 ? `${row.position} of ${row.tickets_of_booking}` : '', holder ?? '']
  const who = people.filter((part) => part !== '').join(' · ')
  const centred = { width: INNER, align: 'center' as const }
  const below = top + QR_SIDE
  await say(doc, parent, MARGIN, below + 5, {
    tag: 'P',
    text: shortCodeOf(row.code_id),
    fit: { role: 'strong', lines_max: 1, sizes: [12] },
    color: INK,
    ...centred,
  })
  await say(doc, parent, MARGIN, below + 20, {
    tag: 'P',
    text: who,
    fit: { role: 'strong', lines_max: 1, sizes: [10, 9, 8] },
    color: INK,
    ...centred,
  })
  const paper = `${row.tier_name} · order ${orderNumberOf(row.booking_id)}`
  await say(doc, parent, MARGIN, below + 33, { tag: 'P', text: paper, fit: small(6.5), color: MUTED, ...centred })
  const note = 'This code admits one person, once. Keep it to yourself.'
  await say(doc, parent, MARGIN, below + 42, { tag: 'P', text: note, fit: small(6.5), color: MUTED, ...centred })
}

function drawPerforation(doc: Doc): void {
  doc.markContent('Artifact', { type: 'Layout' })
  doc
    .save()
    .lineWidth(0.8)
    .dash(4, { space: 3 })
    .moveTo(NOTCH_RADIUS + 4, STUB_TOP)
    .lineTo(PAGE.width - NOTCH_RADIUS - 4, STUB_TOP)
    .stroke(LINE)
    .undash()
  for (const x of [0, PAGE.width]) doc.circle(x, STUB_TOP, NOTCH_RADIUS).lineWidth(0.8).stroke(LINE)
  doc.restore()
  doc.endMarkedContent()
}

/**
 * Draws a block with its top at y and returns its bottom. Words drawn as outlines are tagged as text for PDF readers.
 */
async function say(doc: Doc, parent: PDFKit.PDFStructureElement, x: number, y: number, block: Block): Promise<number> {
  const width = block.width ?? INNER
  const lines = await fitText(block.text, { ...block.fit, width })
  if (lines.length === 0) return y
  const draw = (): void => {
    let top = y
    for (const line of lines) {
      const left = block.align === 'center' ? x + (width - line.width) / 2 : x
      if (!isText(line)) doc.markContent('Span', { actual: line.text })
      drawLine(doc, line, left, top + 0.82 * line.size, block.color)
      if (!isText(line)) doc.endMarkedContent()
      top += LINE_EM * line.size
    }
  }
  const words = lines.every(isText) ? {} : { actual: lines.map((line) => line.text).join(' ') }
  parent.add(doc.struct(block.tag, words, draw))
  return y + lines.reduce((sum, line) => sum + LINE_EM * line.size, 0)
}
