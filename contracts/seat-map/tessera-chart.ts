/** Reading and writing our own chart document, "tessera-chart/1". */
import {
  addCategory,
  addRow,
  addSeat,
  type ChartBuild,
  findCategory,
  finishChart,
  goesOn,
  newChartBuild,
  noteId,
  quoted,
} from './build-chart.ts'
import { type Chart, type ChartOutcome, type ChartSeat, chartLimits, type Outline, type TesseraChart } from './chart.ts'
import {
  type At,
  below,
  type Fields,
  isHexColor,
  newReport,
  own,
  readExtent,
  readFields,
  readFlag,
  readList,
  readNumber,
  readText,
} from './read-document.ts'

const degrees = { min: -360, max: 360 }

const SEAT_KEYS = { id: 'id', number: 'label', category: 'category' } as const

/** Refused: see `normaliseChart`. */
export function importTesseraChart(document: unknown): ChartOutcome {
  const build = newChartBuild(newReport())
  const { report, chart } = build
  const sectionsAt = below(null, 'sections')
  const fields = readFields(report, null, document)
  if (fields === undefined) return finishChart(build, sectionsAt)
  chart.name = readText(report, null, fields, 'name', { max: chartLimits.name_length, filled: true })
  readSize(build, fields)
  readCategories(build, fields)
  readList(report, null, fields, 'sections', chartLimits.sections).forEach((section, n) => {
    if (goesOn(build)) readSection(build, below(sectionsAt, n), section)
  })
  readAreas(build, fields)
  readShapes(build, fields)
  readTexts(build, fields)
  return finishChart(build, sectionsAt)
}

function readSize({ report, chart }: ChartBuild, document: Fields): void {
  if (own(document, 'size') === undefined) return
  const at = below(null, 'size')
  const size = readFields(report, at, own(document, 'size'))
  if (size === undefined) return
  chart.width = readExtent(report, at, size, 'width')
  chart.height = readExtent(report, at, size, 'height')
}

function readCategories(build: ChartBuild, document: Fields): void {
  const { report } = build
  const listAt = below(null, 'categories')
  readList(report, null, document, 'categories', chartLimits.categories, true).forEach((category, n) => {
    const at = below(listAt, n)
    const fields = readFields(report, at, category)
    if (fields === undefined) return
    const name = readText(report, at, fields, 'name', { max: chartLimits.name_length, filled: true })
    if (build.categories.has(name)) report.add(below(at, 'name'), `repeats the category ${quoted(name)}`)
    else if (name !== '') addCategory(build, name, readColor(build, at, fields, 'color') ?? '')
  })
}

function readSection(build: ChartBuild, at: At, value: unknown): void {
  const { report, chart } = build
  const fields = readFields(report, at, value)
  if (fields === undefined) return
  const section = chart.sections.length
  chart.sections.push({ name: readText(report, at, fields, 'name', { max: chartLimits.name_length, required: true }) })
  for (const key of ['rows', 'tables'] as const) {
    const listAt = below(at, key)
    readList(report, at, fields, key, chartLimits.rows).forEach((row, n) => {
      if (goesOn(build)) readRow(build, below(listAt, n), row, section, key === 'tables')
    })
  }
}

function readRow(build: ChartBuild, at: At, value: unknown, section: number, isTable: boolean): void {
  const { report } = build
  const fields = readFields(report, at, value)
  if (fields === undefined) return
  const rule = { max: chartLimits.label_length }
  const row = addRow(build, at, {
    section,
    label: readText(report, at, fields, 'label', { ...rule, required: true }),
    row_label: readText(report, at, fields, 'row_label', rule) || null,
    seat_label: readText(report, at, fields, 'seat_label', rule) || null,
    table: isTable ? readOutline(build, at, fields) : null,
  })
  const seatsAt = below(at, 'seats')
  const seats = readList(report, at, fields, 'seats', Number.POSITIVE_INFINITY, true)
  for (let n = 0; n < seats.length && goesOn(build); n += 1) {
    const seatAt = below(seatsAt, n)
    const seat = readFields(report, seatAt, seats[n])
    if (seat === undefined) continue
    addSeat(
      build,
      row,
      seatAt,
      {
        id: readText(report, seatAt, seat, 'id', { max: chartLimits.id_length, filled: true }),
        number: readText(report, seatAt, seat, 'label', { ...rule, required: true }),
        x: readNumber(report, seatAt, seat, 'x'),
        y: readNumber(report, seatAt, seat, 'y'),
        radius: own(seat, 'radius') === undefined ? 0 : readExtent(report, seatAt, seat, 'radius'),
        category: readText(report, seatAt, seat, 'category', { max: chartLimits.name_length, required: true }),
        accessible: readFlag(report, seatAt, seat, 'accessible'),
        obstructed: readFlag(report, seatAt, seat, 'obstructed'),
        companion_of: readText(report, seatAt, seat, 'companion_of', { max: chartLimits.id_length }),
      },
      SEAT_KEYS,
    )
  }
}

function readAreas(build: ChartBuild, document: Fields): void {
  const { report, chart } = build
  const listAt = below(null, 'areas')
  readList(report, null, document, 'areas', chartLimits.areas).forEach((area, n) => {
    const at = below(listAt, n)
    const fields = readFields(report, at, area)
    if (fields === undefined) return
    const id = readText(report, at, fields, 'id', { max: chartLimits.id_length, filled: true })
    noteId(build, id, below(at, 'id'))
    const category = readText(report, at, fields, 'category', { max: chartLimits.name_length, required: true })
    const outline = readOutline(build, at, fields)
    if (outline === null) return
    chart.areas.push({
      id,
      name: readText(report, at, fields, 'name', { max: chartLimits.name_length, filled: true }),
      category: findCategory(build, category, below(at, 'category')),
      capacity: readNumber(report, at, fields, 'capacity', { min: 1, max: chartLimits.capacity, whole: true }),
      outline,
    })
  })
}

function readShapes(build: ChartBuild, document: Fields): void {
  const { report, chart } = build
  const listAt = below(null, 'shapes')
  readList(report, null, document, 'shapes', chartLimits.shapes).forEach((shape, n) => {
    const at = below(listAt, n)
    const fields = readFields(report, at, shape)
    if (fields === undefined) return
    const kind = own(fields, 'kind')
    const outline = readOutline(build, at, fields)
    if (kind !== 'stage' && kind !== 'decoration') {
      report.add(below(at, 'kind'), 'must be "stage" or "decoration"')
    } else if (outline !== null) {
      const label = readText(report, at, fields, 'label', { max: chartLimits.text_length })
      const color = readColor(build, at, fields, 'color')
      chart.shapes.push({ kind, outline, label, color, border_color: readColor(build, at, fields, 'border_color') })
    }
  })
}

function readTexts(build: ChartBuild, document: Fields): void {
  const { report, chart } = build
  const listAt = below(null, 'texts')
  readList(report, null, document, 'texts', chartLimits.texts).forEach((text, n) => {
    const at = below(listAt, n)
    const fields = readFields(report, at, text)
    if (fields === undefined) return
    chart.texts.push({
      text: readText(report, at, fields, 'text', { max: chartLimits.text_length, required: true }),
      x: readNumber(report, at, fields, 'x'),
      y: readNumber(report, at, fields, 'y'),
      size: own(fields, 'size') === undefined ? 0 : readExtent(report, at, fields, 'size'),
      color: readColor(build, at, fields, 'color'),
      rotation: readNumber(report, at, fields, 'rotation', degrees, 0),
    })
  })
}

function readOutline({ report }: ChartBuild, up: At, from: Fields): Outline | null {
  const at = below(up, 'outline')
  const fields = readFields(report, at, own(from, 'outline'))
  if (fields === undefined) return null
  const shape = own(fields, 'shape')
  if (shape === 'rectangle' || shape === 'ellipse') {
    const place = { x: readNumber(report, at, fields, 'x'), y: readNumber(report, at, fields, 'y') }
    const rotation = readNumber(report, at, fields, 'rotation', degrees, 0)
    const [across, down] = shape === 'rectangle' ? ['width', 'height'] : ['rx', 'ry']
    const width = readExtent(report, at, fields, across ?? '')
    const height = readExtent(report, at, fields, down ?? '')
    if (shape === 'rectangle') return { shape, ...place, width, height, rotation }
    return { shape, ...place, rx: width, ry: height, rotation }
  }
  if (shape !== 'polygon') {
    report.add(below(at, 'shape'), 'must be "rectangle", "ellipse" or "polygon"')
    return null
  }
  const pointsAt = below(at, 'points')
  const points = readList(report, at, fields, 'points', chartLimits.polygon_points, true).map((point, n) => {
    const read = readFields(report, below(pointsAt, n), point) ?? { x: 0, y: 0 }
    return {
      x: readNumber(report, below(pointsAt, n), read, 'x'),
      y: readNumber(report, below(pointsAt, n), read, 'y'),
    }
  })
  if (points.length >= 3) return { shape, points }
  report.add(pointsAt, 'must have at least 3 points')
  return null
}

function readColor({ report }: ChartBuild, at: At, from: Fields, key: string): string | null {
  const value = readText(report, at, from, key, { max: 32 })
  if (value === '') return null
  if (isHexColor(value)) return value
  report.add(below(at, key), 'must be a colour such as "#2f55d4"')
  return null
}

/** The document that `importTesseraChart` reads back as this very chart. */
export function toTesseraChart(chart: Chart): TesseraChart {
  const nameOf = (category: number) => chart.categories[category]?.name ?? ''
  const sections = chart.sections.map(({ name }) => ({ name, rows: [] as RowOut[], tables: [] as TableOut[] }))
  for (const row of chart.rows) {
    const { label, row_label, seat_label, table } = row
    const seats = chart.seats.slice(row.first, row.first + row.count).map((seat) => seatOut(chart, seat, nameOf))
    const words = { label, ...(row_label && { row_label }), ...(seat_label && { seat_label }) }
    if (table === null) sections[row.section]?.rows.push({ ...words, seats })
    else sections[row.section]?.tables.push({ ...words, outline: table, seats })
  }
  return {
    format: 'tessera-chart/1',
    name: chart.name === '' ? 'Chart' : chart.name,
    size: { width: chart.width, height: chart.height },
    categories: chart.categories,
    sections,
    areas: chart.areas.map((area) => ({ ...area, category: nameOf(area.category) })),
    shapes: chart.shapes.map(({ color, border_color, ...shape }) => ({
      ...shape,
      ...(color && { color }),
      ...(border_color && { border_color }),
    })),
    texts: chart.texts.map(({ size, color, ...text }) => ({
      ...text,
      ...(size > 0 && { size }),
      ...(color && { color }),
    })),
  }
}

type SectionOut = NonNullable<TesseraChart['sections']>[number]
type RowOut = NonNullable<SectionOut['rows']>[number]
type TableOut = NonNullable<SectionOut['tables']>[number]

function seatOut(chart: Chart, seat: ChartSeat, nameOf: (category: number) => string): RowOut['seats'][number] {
  const accompanied = seat.companion_of === null ? undefined : chart.seats[seat.companion_of]
  return {
    id: seat.id,
    label: seat.number,
    x: seat.x,
    y: seat.y,
    ...(seat.radius > 0 && { radius: seat.radius }),
    category: nameOf(seat.category),
    ...(seat.accessible && { accessible: true }),
    ...(seat.obstructed && { obstructed: true }),
    ...(accompanied && { companion_of: accompanied.id }),
  }
}
