import type { Language } from '@tessera/contracts/messages/languages'
import { POSTER_SEAM_LINE, poster } from '@tessera/contracts/poster'
import { qrModules, qrPath } from '../qr.ts'
import type { TicketRow } from '../ticket-row.ts'
import { type Doc, drawLine, isText } from './draw-line.ts'
import { type Fit, fitText } from './fit-text.ts'
import type { PrintedTicket } from './printed-ticket.ts'
import { type Field, type TicketWords, ticketWords } from './ticket-words.ts'

/** A6 portrait, in points. */
export const PAGE = { width: 297.64, height: 419.53 }

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

/** Draws one ticket on the current page, in a language, and adds its content, in reading order, under `parent`. */
export async function drawTicketPage(
  doc: Doc,
  parent: PDFKit.PDFStructureElement,
  ticket: PrintedTicket,
  language: Language,
): Promise<void> {
  drawBand(doc, ticket.row)
  const words = ticketWords(ticket, language)
  let y = BAND_HEIGHT + 12
  y = await say(doc, parent, MARGIN, y, {
    tag: 'H1',
    text: words.title,
    fit: { role: 'display', lines_max: 2, sizes: [22, 18, 15] },
    color: INK,
  })
  y = await say(doc, parent, MARGIN, y + 4, {
    tag: 'P',
    text: words.when,
    fit: { role: 'strong', lines_max: 1, sizes: [10, 9, 8] },
    color: INK,
  })
  y = await say(doc, parent, MARGIN, y + 2, { tag: 'P', text: words.zone, fit: small(8), color: MUTED })
  await say(doc, parent, MARGIN, y + 2, {
    tag: 'P',
    text: words.where,
    fit: { role: 'text', lines_max: 1, sizes: [9, 8, 7] },
    color: MUTED,
  })
  await drawFields(doc, parent, words.fields)
  await drawStub(doc, parent, ticket.code, words)
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

async function drawStub(doc: Doc, parent: PDFKit.PDFStructureElement, code: string, words: TicketWords): Promise<void> {
  drawPerforation(doc)
  const modules = qrModules(code)
  const scale = QR_SIDE / modules.length
  const left = (PAGE.width - QR_SIDE) / 2
  const top = STUB_TOP + 11
  // Dark on white on any background; the page leaves more than four modules free on every side.
  parent.add(
    doc.struct('Figure', { alt: words.code }, () => {
      doc.save().translate(left, top).scale(scale).path(qrPath(modules)).fill('#000000').restore()
    }),
  )
  const centred = { width: INNER, align: 'center' as const }
  const below = top + QR_SIDE
  await say(doc, parent, MARGIN, below + 5, {
    tag: 'P',
    text: words.short_code,
    fit: { role: 'strong', lines_max: 1, sizes: [12] },
    color: INK,
    ...centred,
  })
  await say(doc, parent, MARGIN, below + 20, {
    tag: 'P',
    text: words.who,
    fit: { role: 'strong', lines_max: 1, sizes: [10, 9, 8] },
    color: INK,
    ...centred,
  })
  await say(doc, parent, MARGIN, below + 33, { tag: 'P', text: words.order, fit: small(6.5), color: MUTED, ...centred })
  await say(doc, parent, MARGIN, below + 42, { tag: 'P', text: words.note, fit: small(6.5), color: MUTED, ...centred })
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
