import { BOX_EM, clustersOf, type Run, type SetLine } from './set-line.ts'

export type Doc = PDFKit.PDFDocument

/** Draws a line with its baseline at y. Only what our own fonts have is text to PDF; the caller tags the rest with its words. */
export function drawLine(doc: Doc, line: SetLine, x: number, y: number, color: string): void {
  let pen = x
  for (const run of line.runs) {
    if (run.face === undefined) drawBoxes(doc, run, pen, y, line.size, color)
    else if (run.face.embedded === null) drawOutlines(doc, run, pen, y, line.size, color)
    else drawText(doc, run, pen, y, line.size, color)
    pen += run.width
  }
}

/** Whether a reader of the file finds the line's words in its fonts; else they are given beside the drawing. */
export function isText(line: SetLine): boolean {
  return line.runs.every((run) => run.face !== undefined && run.face.embedded !== null)
}

function drawText(doc: Doc, run: Run, x: number, y: number, size: number, color: string): void {
  if (run.face === undefined || run.face.embedded === null) return
  const { name, bytes } = run.face.embedded
  registerOnce(doc, name, bytes)
  doc.font(name).fontSize(size).fillColor(color).text(run.text, x, y, { lineBreak: false, baseline: 'alphabetic' })
}

const registered = new WeakMap<Doc, Set<string>>()

function registerOnce(doc: Doc, name: string, bytes: Buffer): void {
  const names = registered.get(doc) ?? new Set<string>()
  registered.set(doc, names)
  if (names.has(name)) return
  names.add(name)
  doc.registerFont(name, bytes)
}

function drawOutlines(doc: Doc, run: Run, x: number, y: number, size: number, color: string): void {
  if (run.face === undefined) return
  const { font, embolden_em } = run.face
  const scale = size / font.unitsPerEm
  const { glyphs, positions } = font.layout(run.text)
  let pen = x
  for (const [index, glyph] of glyphs.entries()) {
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {}
    const outline =
      glyph.id === 0
        ? ''
        : glyph.path
            .scale(scale, -scale)
            .translate(pen + xOffset * scale, y - yOffset * scale)
            .toSVG()
    pen += xAdvance * scale
    if (outline === '') continue
    doc.path(outline)
    if (embolden_em === 0) doc.fill(color)
    else
      doc
        .lineWidth(embolden_em * size)
        .lineJoin('round')
        .fillAndStroke(color, color)
  }
}

function drawBoxes(doc: Doc, run: Run, x: number, y: number, size: number, color: string): void {
  const width = BOX_EM * size
  for (const index of clustersOf(run.text).keys()) {
    doc
      .rect(x + index * width + 0.1 * width, y - 0.7 * size, 0.8 * width, 0.7 * size)
      .lineWidth(0.05 * size)
      .stroke(color)
  }
}
