/**
 * The geometry document, served at `GET /charts/{id}/geometry` (immutable: a chart never changes under its id), and what
 * the map makes of it. All about a chart that does not change during a sale; the rest is `seat-state.ts`.
 * About 7 bytes a seat before compression; the ids of a plan that names its seats by UUID cost what they are long.
 */
import type { ChartCategory, ChartText, Outline } from './chart.ts'
import { type IdPattern, idsOf, type NumberPattern, numbersOf } from './row-pattern.ts'
import type { SeatColumns } from './seat-columns.ts'
import { seatFlags } from './seat-flags.ts'
import { rowLabel, seatLabel } from './seat-label.ts'

export type GeometryShape = {
  kind: 'stage' | 'decoration'
  outline: Outline
  label: string
  color: string | null
  border_color: string | null
}

export type GeometryArea = { id: string; name: string; category: number; capacity: number; outline: Outline }

/** `outlines`: closed polygons as flat x, y lists, filled even-odd. `center`: where its name goes. */
export type GeometrySection = { name: string; seats: number; center: [number, number]; outlines: number[][] }

/** One column a member, one item a row, in seat order. */
export type GeometryRows = {
  section: number[]
  label: string[]
  /** Index into `words`. */
  words: number[]
  count: number[]
  numbers: NumberPattern[]
  ids: IdPattern[]
  /** One for the whole row, or one a seat. */
  category: (number | number[])[]
  radius: number[]
}

export type GeometryDocument = {
  format: 'tessera-geometry/1'
  name: string
  seat_count: number
  pitch: number
  focus: [number, number]
  /** left, top, right, bottom of everything drawn. */
  bounds: [number, number, number, number]
  categories: ChartCategory[]
  sections: GeometrySection[]
  /** Distinct pairs of row and seat label templates. */
  words: [string | null, string | null][]
  rows: GeometryRows
  /** Columns of x and y in base64, little-endian: 16 bit steps from the origin, or 32 bit floats where those are too coarse. */
  seats: { encoding: 'u16' | 'f32'; origin: [number, number]; step: number; x: string; y: string }
  /** Row number and outline of each table. */
  tables: [number, Outline][]
  accessible: number[]
  obstructed: number[]
  /** Seat and the accessible seat it accompanies. */
  companions: [number, number][]
  areas: GeometryArea[]
  shapes: GeometryShape[]
  texts: ChartText[]
}

export type GeometryRow = {
  section: number
  label: string
  /** "row F", "table 4". */
  spoken: string
  row_label: string | null
  seat_label: string | null
  table: Outline | null
  first: number
  count: number
}

/** A decoded geometry: columns for drawing and searching, texts for people. */
export type Geometry = Omit<SeatColumns, 'rows'> & {
  name: string
  bounds: { left: number; top: number; right: number; bottom: number }
  radius: Float32Array
  row: Uint16Array
  section: Uint16Array
  ids: string[]
  numbers: string[]
  /** Seat number by id. */
  number_of: Map<string, number>
  companion_of: Map<number, number>
  categories: ChartCategory[]
  sections: GeometrySection[]
  rows: GeometryRow[]
  areas: GeometryArea[]
  shapes: GeometryShape[]
  texts: ChartText[]
}

/** Throws on what is not a geometry document: it comes from our own server. */
export function decodeGeometry(document: GeometryDocument): Geometry {
  if (document.format !== 'tessera-geometry/1') throw new Error(`cannot read a geometry of format ${document.format}`)
  const count = document.seat_count
  const rows = decodeRows(document)
  const [left, top, right, bottom] = document.bounds
  const [focusX, focusY] = document.focus
  const flags = new Uint8Array(count)
  for (const seat of document.accessible) flags[seat] = (flags[seat] ?? 0) | seatFlags.accessible
  for (const seat of document.obstructed) flags[seat] = (flags[seat] ?? 0) | seatFlags.obstructed
  const { ids, numbers } = decodeNames(document, rows)
  const perSeat = decodeRowColumns(document, rows)
  return {
    name: document.name,
    count,
    pitch: document.pitch,
    focus: { x: focusX, y: focusY },
    bounds: { left, top, right, bottom },
    ...decodePlaces(document),
    ...perSeat,
    flags,
    ids,
    numbers,
    number_of: new Map(ids.map((id, n) => [id, n])),
    companion_of: new Map(document.companions),
    categories: document.categories,
    sections: document.sections,
    rows,
    areas: document.areas,
    shapes: document.shapes,
    texts: document.texts,
  }
}

/** "Stalls, row F, seat 12", as the chart has it. */
export function seatName(geometry: Geometry, seat: number): string {
  const row = geometry.rows[geometry.row[seat] ?? 0]
  if (row === undefined) return ''
  return seatLabel(geometry.sections[row.section]?.name ?? '', row, geometry.numbers[seat] ?? '')
}

function decodeRows({ rows, words, tables }: GeometryDocument): GeometryRow[] {
  const outlines = new Map(tables)
  let first = 0
  return rows.count.map((count, n) => {
    const [row_label, seat_label] = words[rows.words[n] ?? 0] ?? [null, null]
    const parts = { label: rows.label[n] ?? '', row_label, seat_label, table: outlines.get(n) ?? null }
    const row = { ...parts, section: rows.section[n] ?? 0, spoken: rowLabel(parts), first, count }
    first += count
    return row
  })
}

function decodeNames({ rows }: GeometryDocument, decoded: GeometryRow[]): { ids: string[]; numbers: string[] } {
  const ids: string[] = []
  const numbers: string[] = []
  decoded.forEach((row, n) => {
    const inRow = numbersOf(rows.numbers[n] ?? [], row.count)
    const named = idsOf(rows.ids[n] ?? { prefix: '', rest: [] }, inRow)
    for (const number of inRow) numbers.push(number)
    for (const id of named) ids.push(id)
  })
  return { ids, numbers }
}

function decodeRowColumns(document: GeometryDocument, rows: GeometryRow[]) {
  const category = new Uint8Array(document.seat_count)
  const radius = new Float32Array(document.seat_count)
  const row = new Uint16Array(document.seat_count)
  const section = new Uint16Array(document.seat_count)
  rows.forEach(({ first, count, section: inSection }, n) => {
    const end = first + count
    const categories = document.rows.category[n] ?? 0
    if (typeof categories === 'number') category.fill(categories, first, end)
    else category.set(categories, first)
    radius.fill(document.rows.radius[n] ?? 0, first, end)
    row.fill(n, first, end)
    section.fill(inSection, first, end)
  })
  return { category, radius, row, section }
}

function decodePlaces({ seats, seat_count }: GeometryDocument): { x: Float32Array; y: Float32Array } {
  const read = (text: string, origin: number) => {
    const view = new DataView(bytesOf(text).buffer)
    return Float32Array.from({ length: seat_count }, (_, n) =>
      seats.encoding === 'f32' ? view.getFloat32(n * 4, true) : origin + view.getUint16(n * 2, true) * seats.step,
    )
  }
  return { x: read(seats.x, seats.origin[0]), y: read(seats.y, seats.origin[1]) }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let n = 0; n < text.length; n += 1) bytes[n] = text.charCodeAt(n)
  return bytes
}
