/** A chart as a pretix seating plan, by the letter of pretix's own schema. */
import type { Chart, ChartShape, ChartText, Outline } from './chart.ts'

type Point = { x: number; y: number }

/** As pretix writes it: seats relative to their row, rows to their zone. */
export type PretixPlanDocument = {
  name: string
  size: { width: number; height: number }
  categories: { name: string; color: string }[]
  zones: PretixZone[]
}
type PretixZone = { name: string; position: Point; rows: PretixRow[]; areas: PretixArea[] }
type PretixRow = {
  row_number: string
  row_label: string | null
  seat_label: string | null
  row_number_position: 'both'
  position: Point
  seats: { seat_guid: string; seat_number: string; position: Point; category: string; radius?: number }[]
}
type PretixArea = Record<string, unknown>

const origin: Point = { x: 0, y: 0 }

/**
 * Lost, because pretix has no word for it: that a seat is accessible, has a restricted view or a companion, and standing
 * areas, which become drawings. Tables become rows with a drawing. Everything else comes back by `importPretix`.
 */
export function exportPretix(chart: Chart): PretixPlanDocument {
  const zones = chart.sections.map(({ name }): PretixZone => ({ name, position: origin, rows: [], areas: [] }))
  for (const row of chart.rows) {
    const zone = zones[row.section]
    if (zone === undefined) continue
    zone.rows.push({
      row_number: row.label,
      row_label: row.row_label,
      seat_label: row.seat_label,
      row_number_position: 'both',
      position: origin,
      seats: chart.seats.slice(row.first, row.first + row.count).map((seat) => ({
        seat_guid: seat.id,
        seat_number: seat.number,
        position: { x: seat.x, y: seat.y },
        category: chart.categories[seat.category]?.name ?? '',
        // pretix knows whole radii only.
        ...(seat.radius >= 1 && { radius: Math.round(seat.radius) }),
      })),
    })
    if (row.table !== null) zone.areas.push(area(row.table, '#ffffff', '#cccccc', row.label))
  }
  const scenery = zones[0] ?? { name: '', position: origin, rows: [], areas: [] }
  if (zones.length === 0) zones.push(scenery)
  for (const shape of chart.shapes) scenery.areas.push(shapeArea(shape))
  for (const { outline, name } of chart.areas) scenery.areas.push(area(outline, '#eeeeee', '#cccccc', name))
  for (const text of chart.texts) scenery.areas.push(textArea(text))
  const size = { width: Math.ceil(chart.width), height: Math.ceil(chart.height) }
  return { name: chart.name, size, categories: chart.categories, zones }
}

function shapeArea({ outline, label, color, border_color }: ChartShape): PretixArea {
  return area(outline, color ?? '#eeeeee', border_color ?? '#cccccc', label)
}

function area(outline: Outline, color: string, border_color: string, label: string): PretixArea {
  const common = { color, border_color, rotation: outline.shape === 'polygon' ? 0 : (outline.rotation ?? 0) }
  const text = { text: { text: label, position: textSpot(outline), color: '#333333' } }
  if (outline.shape === 'polygon') {
    return { shape: 'polygon', ...common, position: origin, polygon: { points: outline.points }, ...text }
  }
  const position = { x: outline.x, y: outline.y }
  if (outline.shape === 'ellipse') {
    return { shape: 'ellipse', ...common, position, ellipse: { radius: { x: outline.rx, y: outline.ry } }, ...text }
  }
  // pretix knows whole widths and heights only.
  const rectangle = { width: Math.max(1, Math.round(outline.width)), height: Math.max(1, Math.round(outline.height)) }
  return { shape: 'rectangle', ...common, position, rectangle, ...text }
}

/** Relative to the figure's own position: its middle. */
function textSpot(outline: Outline): Point {
  if (outline.shape === 'rectangle') return { x: outline.width / 2, y: outline.height / 2 }
  if (outline.shape === 'ellipse') return origin
  const count = Math.max(outline.points.length, 1)
  const sum = outline.points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), origin)
  return { x: sum.x / count, y: sum.y / count }
}

function textArea({ text, x, y, size, color, rotation }: ChartText): PretixArea {
  return {
    shape: 'text',
    position: { x, y },
    rotation,
    text: { text, position: origin, color: color ?? '#333333', ...(size >= 1 && { size: Math.round(size) }) },
  }
}
