/**
 * The pretix seating plan: read as it is found in the world, written so that pretix reads it again.
 * A seat stands at zone + row + seat position; seats are named by `seat_guid`, as pretix names them (`uuid` is only the
 * plan editor's handle). pretix plans have no standing areas: what they call areas is decoration.
 */
import { Type } from 'typebox'
import { addCategory, addRow, addSeat, type ChartBuild, finishChart, goesOn, newChartBuild } from './build-chart.ts'
import { type ChartOutcome, chartLimits, type Outline } from './chart.ts'
import {
  type At,
  below,
  type Fields,
  isFields,
  isHexColor,
  newReport,
  own,
  readFields,
  readList,
  readNumber,
  readText,
} from './read-document.ts'

const Position = Type.Object({ x: Type.Number(), y: Type.Number() })
const NullableText = Type.Optional(Type.Union([Type.String(), Type.Null()]))

/** What we ask of a plan. Wider than pretix's own schema: members it does not know are ignored, labels may be null. */
export const PretixPlan = Type.Object(
  {
    name: NullableText,
    categories: Type.Array(Type.Object({ name: Type.String(), color: NullableText })),
    zones: Type.Array(
      Type.Object({
        name: NullableText,
        position: Type.Optional(Position),
        rows: Type.Array(
          Type.Object({
            row_number: NullableText,
            row_label: NullableText,
            seat_label: NullableText,
            position: Type.Optional(Position),
            seats: Type.Array(
              Type.Object({
                seat_guid: Type.String({ minLength: 1, maxLength: chartLimits.id_length }),
                seat_number: NullableText,
                position: Position,
                radius: Type.Optional(Type.Number()),
                category: Type.String(),
              }),
            ),
          }),
        ),
        areas: Type.Optional(
          Type.Array(
            Type.Object({
              shape: Type.Optional(Type.String({ description: 'rectangle, circle, ellipse, polygon or text' })),
              position: Type.Optional(Position),
              rotation: Type.Optional(Type.Number()),
            }),
          ),
        ),
      }),
    ),
    size: Type.Optional(Type.Object({ width: Type.Number(), height: Type.Number() })),
  },
  { $id: 'PretixPlan' },
)

type Point = { x: number; y: number }

const SEAT_KEYS = { id: 'seat_guid', number: 'seat_number', category: 'category' } as const

/** Refused: see `normaliseChart`. Colours and shapes that draw nothing are dropped: they sell nothing. */
export function importPretix(plan: unknown): ChartOutcome {
  const build = newChartBuild(newReport())
  const { report, chart } = build
  const zonesAt = below(null, 'zones')
  const fields = readFields(report, null, plan)
  if (fields === undefined) return finishChart(build, zonesAt)
  chart.name = readText(report, null, fields, 'name', { max: chartLimits.name_length })
  readSize(build, fields)
  readCategories(build, fields)
  readList(report, null, fields, 'zones', chartLimits.sections, true).forEach((zone, n) => {
    if (goesOn(build)) readZone(build, below(zonesAt, n), zone)
  })
  return finishChart(build, zonesAt)
}

function readSize({ report, chart }: ChartBuild, plan: Fields): void {
  const size = own(plan, 'size')
  if (size === undefined || size === null) return
  const at = below(null, 'size')
  const fields = readFields(report, at, size)
  if (fields === undefined) return
  const rule = { min: 0, max: 2 * chartLimits.coordinate }
  chart.width = readNumber(report, at, fields, 'width', rule, 0)
  chart.height = readNumber(report, at, fields, 'height', rule, 0)
}

function readCategories(build: ChartBuild, plan: Fields): void {
  const { report } = build
  const listAt = below(null, 'categories')
  readList(report, null, plan, 'categories', chartLimits.categories, true).forEach((category, n) => {
    const at = below(listAt, n)
    const fields = readFields(report, at, category)
    if (fields === undefined) return
    const name = readText(report, at, fields, 'name', { max: chartLimits.name_length, filled: true })
    if (name !== '') addCategory(build, name, readColor(fields, 'color') ?? '')
  })
}

function readZone(build: ChartBuild, at: At, zone: unknown): void {
  const { report, chart } = build
  const fields = readFields(report, at, zone)
  if (fields === undefined) return
  const origin = readPosition(build, at, fields, { x: 0, y: 0 }, false)
  const section = chart.sections.length
  chart.sections.push({ name: readText(report, at, fields, 'name', { max: chartLimits.name_length }) })
  const rowsAt = below(at, 'rows')
  readList(report, at, fields, 'rows', chartLimits.rows, true).forEach((row, n) => {
    if (goesOn(build)) readRow(build, below(rowsAt, n), row, section, origin)
  })
  const areasAt = below(at, 'areas')
  readList(report, at, fields, 'areas', chartLimits.shapes).forEach((area, n) => {
    if (!goesOn(build)) return
    const read = readFields(report, below(areasAt, n), area)
    if (chart.shapes.length === chartLimits.shapes || chart.texts.length === chartLimits.texts) {
      report.add(below(areasAt, n), `is one area too many; at most ${chartLimits.shapes} are allowed`)
      build.overfull = true
    } else if (read !== undefined) {
      readArea(build, below(areasAt, n), read, origin)
    }
  })
}

function readRow(build: ChartBuild, at: At, value: unknown, section: number, origin: Point): void {
  const { report } = build
  const fields = readFields(report, at, value)
  if (fields === undefined) return
  const rule = { max: chartLimits.label_length }
  const corner = readPosition(build, at, fields, origin, false)
  const row = addRow(build, at, {
    section,
    label: readText(report, at, fields, 'row_number', rule),
    row_label: readText(report, at, fields, 'row_label', rule) || null,
    seat_label: readText(report, at, fields, 'seat_label', rule) || null,
    table: null,
  })
  const seatsAt = below(at, 'seats')
  const seats = readList(report, at, fields, 'seats', Number.POSITIVE_INFINITY, true)
  for (let n = 0; n < seats.length && goesOn(build); n += 1) {
    const seatAt = below(seatsAt, n)
    const seat = readFields(report, seatAt, seats[n])
    if (seat === undefined) continue
    const place = readPosition(build, seatAt, seat, corner, true)
    addSeat(
      build,
      row,
      seatAt,
      {
        id: readText(report, seatAt, seat, 'seat_guid', { max: chartLimits.id_length, filled: true }),
        number: readText(report, seatAt, seat, 'seat_number', rule),
        x: place.x,
        y: place.y,
        radius: readNumber(report, seatAt, seat, 'radius', { min: 0, max: chartLimits.coordinate }, 0),
        category: readText(report, seatAt, seat, 'category', { max: chartLimits.name_length }),
        accessible: false,
        obstructed: false,
        companion_of: '',
      },
      SEAT_KEYS,
    )
  }
}

/** `position` of the thing at `at`, moved by `origin`. The origin itself when it is absent and not required. */
function readPosition({ report }: ChartBuild, at: At, from: Fields, origin: Point, required: boolean): Point {
  const position = own(from, 'position')
  if ((position === undefined || position === null) && !required) return origin
  const positionAt = below(at, 'position')
  const fields = readFields(report, positionAt, position)
  if (fields === undefined) return origin
  return {
    x: origin.x + readNumber(report, positionAt, fields, 'x'),
    y: origin.y + readNumber(report, positionAt, fields, 'y'),
  }
}

function readArea(build: ChartBuild, at: At, area: Fields, zone: Point): void {
  const { chart, report } = build
  const place = readPosition(build, at, area, zone, false)
  const rotation = readNumber(report, at, area, 'rotation', { min: -36_000, max: 36_000 }, 0) % 360
  const color = readColor(area, 'color')
  const outline = readOutline(build, at, area, place, rotation)
  if (outline !== null) {
    chart.shapes.push({ kind: 'decoration', outline, label: '', color, border_color: readColor(area, 'border_color') })
  }
  const text = own(area, 'text')
  if (!isFields(text)) return
  const textAt = below(at, 'text')
  const words = readText(report, textAt, text, 'text', { max: chartLimits.text_length })
  if (words.trim() === '') return
  const spot = readPosition(build, textAt, text, { x: 0, y: 0 }, false)
  const turned = turn(spot, rotation)
  chart.texts.push({
    text: words,
    x: place.x + turned.x,
    y: place.y + turned.y,
    size: readNumber(report, textAt, text, 'size', { min: 0, max: chartLimits.coordinate }, 0),
    color: readColor(text, 'color'),
    rotation,
  })
}

function readOutline(build: ChartBuild, at: At, area: Fields, place: Point, rotation: number): Outline | null {
  const { report } = build
  const shape = own(area, 'shape')
  if (shape !== 'rectangle' && shape !== 'ellipse' && shape !== 'circle' && shape !== 'polygon') return null
  const figureAt = below(at, shape)
  const drawn = own(area, shape)
  const figure = drawn === undefined || drawn === null ? undefined : readFields(report, figureAt, drawn)
  if (figure === undefined) return null
  const length = (at: At, from: Fields, key: string) => readNumber(report, at, from, key, undefined, 0)
  if (shape === 'rectangle') {
    const width = length(figureAt, figure, 'width')
    const height = length(figureAt, figure, 'height')
    return width > 0 && height > 0 ? { shape, ...place, width, height, rotation } : null
  }
  if (shape === 'circle') {
    const radius = length(figureAt, figure, 'radius')
    return radius > 0 ? { shape: 'ellipse', ...place, rx: radius, ry: radius, rotation: 0 } : null
  }
  if (shape === 'ellipse') {
    const radiusAt = below(figureAt, 'radius')
    const radius = readFields(report, radiusAt, own(figure, 'radius'))
    if (radius === undefined) return null
    const rx = length(radiusAt, radius, 'x')
    const ry = length(radiusAt, radius, 'y')
    return rx > 0 && ry > 0 ? { shape, ...place, rx, ry, rotation } : null
  }
  const pointsAt = below(figureAt, 'points')
  const points: Point[] = []
  readList(report, figureAt, figure, 'points', chartLimits.polygon_points, true).forEach((point, n) => {
    const read = readFields(report, below(pointsAt, n), point)
    if (read === undefined) return
    const x = readNumber(report, below(pointsAt, n), read, 'x')
    const turned = turn({ x, y: readNumber(report, below(pointsAt, n), read, 'y') }, rotation)
    points.push({ x: place.x + turned.x, y: place.y + turned.y })
  })
  return points.length < 3 ? null : { shape: 'polygon', points }
}

function turn(point: Point, degrees: number): Point {
  if (degrees === 0) return point
  const angle = (degrees * Math.PI) / 180
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return { x: point.x * cos - point.y * sin, y: point.x * sin + point.y * cos }
}

function readColor(from: Fields, key: string): string | null {
  const value = own(from, key)
  return typeof value === 'string' && isHexColor(value) ? value : null
}
