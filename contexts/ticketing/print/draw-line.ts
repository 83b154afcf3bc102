import type { NotoFace, OwnFace } from './fonts.ts'
import { BOX_EM, type Glyph, type SetLine } from './set-line.ts'

export type Doc = PDFKit.PDFDocument

/**
 * Draws a line with its baseline at y. Only text in our own fonts is text in the PDF; the caller tags outlines with
 * their words.
 */
export function drawLine(doc: Doc, line: SetLine, x: number, y: number, color: string): void {
  let pen = x
  for (const run of line.runs) {
    if (run.kind === 'boxes') drawBoxes(doc, run.count, pen, y, line.size, color)
    else if (run.kind === 'noto') drawOutlines(doc, run.face, run.glyphs, pen, y, line.size, color)
    else drawText(doc, run.face, run.text, pen, y, line.size, color)
    pen += run.width
  }
}

/** True when PDF readers find the line's words in its fonts; otherwise they are tagged beside the outlines. */
export function isText(line: SetLine): boolean {
  return line.runs.every((run) => run.kind === 'own')
}

function drawText(doc: Doc, face: OwnFace, text: string, x: number, y: number, size: number, color: string): void {
  registerOnce(doc, face)
  doc.font(face.name).fontSize(size).fillColor(color).text(text, x, y, { lineBreak: false, baseline: 'alphabetic' })
}

const registered = new WeakMap<Doc, Set<string>>()

function registerOnce(doc: Doc, { name, bytes }: OwnFace): void {
  const names = registered.get(doc) ?? new Set<string>()
  registered.set(doc, names)
  if (names.has(name)) return
  names.add(name)
  doc.registerFont(name, bytes)
}

function drawOutlines(
  doc: Doc,
  face: NotoFace,
  glyphs: readonly Glyph[],
  x: number,
  y: number,
  size: number,
  color: string,
): void {
  const scale = size / face.units_per_em
  doc.save().translate(x, y).scale(scale, -scale)
  for (const glyph of glyphs) {
    const outline = face.font.glyphToPath(glyph.id)
    if (outline === '') continue
    doc.save().translate(glyph.x, glyph.y).path(outline).fill(color).restore()
  }
  doc.restore()
}

function drawBoxes(doc: Doc, count: number, x: number, y: number, size: number, color: string): void {
  const width = BOX_EM * size
  for (let index = 0; index < count; index++) {
    doc
      .rect(x + index * width + 0.1 * width, y - 0.7 * size, 0.8 * width, 0.7 * size)
      .lineWidth(0.05 * size)
      .stroke(color)
  }
}
