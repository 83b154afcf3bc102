/** A chart's geometry document: made once, when the chart is stored, and served as it is. */
import type { Chart, ChartRow, Outline } from './chart.ts'
import { floorShifts } from './floors.ts'
import { type Box, outlineBox } from './focus.ts'
import type { GeometryDocument, GeometryRows, GeometrySection } from './geometry.ts'
import { outlinesOf } from './outline.ts'
import { median } from './pitch.ts'
import { idPattern, numberPattern } from './row-pattern.ts'
import { columnsOf, type SeatColumns } from './seat-columns.ts'

/** Steps finer than this part of a pitch cannot be seen at any zoom. */
const FINEST_STEP_IN_PITCHES = 0.02

export function encodeGeometry(chart: Chart): GeometryDocument {
  const columns = columnsOf(chart)
  const words = wordsOf(chart.rows)
  return {
    format: 'tessera-geometry/1',
    name: chart.name,
    seat_count: columns.count,
    pitch: tidy(columns.pitch),
    focus: [tidy(columns.focus.x), tidy(columns.focus.y)],
    bounds: boundsOf(chart, columns),
    categories: chart.categories,
    sections: sectionsOf(chart, columns),
    words: words.distinct,
    rows: rowsOf(chart, words.index),
    seats: placesOf(columns),
    tables: tablesOf(chart, floorShifts(chart, columns.pitch)),
    accessible: chart.seats.flatMap((seat, n) => (seat.accessible ? [n] : [])),
    obstructed: chart.seats.flatMap((seat, n) => (seat.obstructed ? [n] : [])),
    companions: chart.seats.flatMap((seat, n) => (seat.companion_of === null ? [] : [[n, seat.companion_of]])),
    areas: chart.areas,
    shapes: chart.shapes,
    texts: chart.texts,
  }
}

function wordsOf(rows: readonly ChartRow[]): { distinct: [string | null, string | null][]; index: number[] } {
  const distinct: [string | null, string | null][] = []
  const known = new Map<string, number>()
  const index = rows.map(({ row_label, seat_label }) => {
    const key = JSON.stringify([row_label, seat_label])
    const at = known.get(key) ?? distinct.length
    if (at === distinct.length) distinct.push([row_label, seat_label])
    known.set(key, at)
    return at
  })
  return { distinct, index }
}

function rowsOf(chart: Chart, words: number[]): GeometryRows {
  const rows: GeometryRows = {
    section: [],
    label: [],
    words,
    count: [],
    numbers: [],
    ids: [],
    category: [],
    radius: [],
  }
  for (const row of chart.rows) {
    const seats = chart.seats.slice(row.first, row.first + row.count)
    const numbers = seats.map((seat) => seat.number)
    const categories = seats.map((seat) => seat.category)
    const one = categories[0] ?? 0
    const ids = seats.map((seat) => seat.id)
    rows.section.push(row.section)
    rows.label.push(row.label)
    rows.count.push(row.count)
    rows.numbers.push(numberPattern(numbers))
    rows.ids.push(idPattern(ids, numbers))
    rows.category.push(categories.every((category) => category === one) ? one : categories)
    rows.radius.push(tidy(seats[0]?.radius ?? 0))
  }
  return rows
}

function placesOf({ count, x, y, pitch }: SeatColumns): GeometryDocument['seats'] {
  if (count === 0) return { encoding: 'u16', origin: [0, 0], step: 1, x: '', y: '' }
  const left = min(x)
  const top = min(y)
  const extent = Math.max(max(x) - left, max(y) - top)
  const step = extent / 0xffff || 1
  if (step > FINEST_STEP_IN_PITCHES * pitch) {
    return { encoding: 'f32', origin: [0, 0], step: 1, x: base64(x, 4, 0, 1), y: base64(y, 4, 0, 1) }
  }
  return { encoding: 'u16', origin: [left, top], step, x: base64(x, 2, left, step), y: base64(y, 2, top, step) }
}

function base64(column: Float32Array, width: 2 | 4, origin: number, step: number): string {
  const bytes = new Uint8Array(column.length * width)
  const view = new DataView(bytes.buffer)
  column.forEach((value, n) => {
    if (width === 4) view.setFloat32(n * 4, value, true)
    else view.setUint16(n * 2, Math.round((value - origin) / step), true)
  })
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_190) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 8_190)))
  return text
}

function sectionsOf(chart: Chart, columns: SeatColumns): GeometrySection[] {
  const spots: { x: number; y: number }[][] = chart.sections.map(() => [])
  chart.seats.forEach((seat, n) => {
    spots[seat.section]?.push({ x: columns.x[n] ?? 0, y: columns.y[n] ?? 0 })
  })
  const rows: ChartRow[][] = chart.sections.map(() => [])
  for (const row of chart.rows) rows[row.section]?.push(row)
  return chart.sections.map(({ name }, n) => {
    const seats = spots[n] ?? []
    const reach = reachOf(rows[n] ?? [], columns)
    return { name, seats: seats.length, center: centerOf(seats), outlines: outlinesOf(seats, reach) }
  })
}

/** Far enough that rows melt together, not so far that aisles between blocks close. */
function reachOf(rows: readonly ChartRow[], { x, y, pitch }: SeatColumns): number {
  const gaps: number[] = []
  rows.forEach((row, n) => {
    const before = rows[n - 1]
    if (before === undefined) return
    const middle = row.first + (row.count >> 1)
    let nearest = Number.POSITIVE_INFINITY
    for (let seat = before.first; seat < before.first + before.count; seat += 1) {
      nearest = Math.min(nearest, Math.hypot((x[seat] ?? 0) - (x[middle] ?? 0), (y[seat] ?? 0) - (y[middle] ?? 0)))
    }
    gaps.push(nearest)
  })
  const gap = gaps.length === 0 ? pitch : median(gaps)
  return Math.min(Math.max(0.64 * gap, 0.85 * pitch), 1.6 * pitch)
}

/** The seat nearest to the middle: on a horseshoe the middle itself lies outside. */
function centerOf(seats: readonly { x: number; y: number }[]): [number, number] {
  if (seats.length === 0) return [0, 0]
  const mx = seats.reduce((sum, seat) => sum + seat.x, 0) / seats.length
  const my = seats.reduce((sum, seat) => sum + seat.y, 0) / seats.length
  let best = seats[0] ?? { x: mx, y: my }
  for (const seat of seats) {
    if (Math.hypot(seat.x - mx, seat.y - my) < Math.hypot(best.x - mx, best.y - my)) best = seat
  }
  return [tidy(best.x), tidy(best.y)]
}

function boundsOf(chart: Chart, columns: SeatColumns): GeometryDocument['bounds'] {
  const margin = columns.pitch
  const boxes: Box[] = [...chart.areas, ...chart.shapes].map(({ outline }) => outlineBox(outline))
  boxes.push(...chart.texts.map(({ x, y }) => ({ left: x, top: y, right: x, bottom: y })))
  if (columns.count > 0) {
    const [left, top, right, bottom] = [min(columns.x), min(columns.y), max(columns.x), max(columns.y)]
    boxes.push({ left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin })
  }
  const hall = boxes.at(-1)
  if (columns.count > 0 && hall !== undefined) for (const box of boxes) keepNear(box, hall)
  const edge = (pick: (box: (typeof boxes)[number]) => number, best: (a: number, b: number) => number) =>
    tidy(boxes.map(pick).reduce((a, b) => best(a, b)))
  return [
    edge((box) => box.left, Math.min),
    edge((box) => box.top, Math.min),
    edge((box) => box.right, Math.max),
    edge((box) => box.bottom, Math.max),
  ]
}

/** Decoration far from every seat (a forgotten shape) must not make the room a speck: it may lie outside the picture. */
function keepNear(box: Box, hall: Box): void {
  const reach = 0.75 * Math.max(hall.right - hall.left, hall.bottom - hall.top)
  box.left = Math.max(box.left, hall.left - reach)
  box.top = Math.max(box.top, hall.top - reach)
  box.right = Math.min(box.right, hall.right + reach)
  box.bottom = Math.min(box.bottom, hall.bottom + reach)
}

function tablesOf(chart: Chart, shifts: Float64Array): [number, Outline][] {
  return chart.rows.flatMap((row, n): [number, Outline][] =>
    row.table === null ? [] : [[n, shifted(row.table, shifts[row.section] ?? 0)]],
  )
}

function shifted(outline: Outline, down: number): Outline {
  if (down === 0) return outline
  if (outline.shape !== 'polygon') return { ...outline, y: outline.y + down }
  return { ...outline, points: outline.points.map(({ x, y }) => ({ x, y: y + down })) }
}

function min(column: Float32Array): number {
  return column.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

function max(column: Float32Array): number {
  return column.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
}

/** Seven significant digits: what a 32 bit float holds. */
function tidy(value: number): number {
  return Number(value.toPrecision(7))
}
