/** What both importers share: numbering seats in document order, and the rules that hold across the whole chart. */
import { type Chart, type ChartOutcome, type ChartRow, type ChartSeat, chartLimits, type Outline } from './chart.ts'
import { categoryColor } from './palette.ts'
import { type At, below, pointerOf, type Report } from './read-document.ts'
import { seatLabel } from './seat-label.ts'

const PLAIN_NUMBER = /^[0-9A-Za-z]+$/

type Use = { first: At; again: At | null; uses: number }

export type ChartBuild = {
  report: Report
  chart: Chart
  categories: Map<string, number>
  ids: Map<string, Use>
  /** Where each seat stands in the document, and the member that holds its part of the label. */
  seats_at: At[]
  label_key: string
  companions: { seat: number; of: string; at: At }[]
  /** Set once the chart holds as many seats as are allowed and one more came. */
  overfull: boolean
}

export type SeatFields = Pick<ChartSeat, 'id' | 'number' | 'x' | 'y' | 'radius' | 'accessible' | 'obstructed'> & {
  category: string
  companion_of: string
}

export function newChartBuild(report: Report): ChartBuild {
  const chart: Chart = {
    name: '',
    width: 0,
    height: 0,
    categories: [],
    sections: [],
    rows: [],
    seats: [],
    areas: [],
    shapes: [],
    texts: [],
  }
  return {
    report,
    chart,
    categories: new Map(),
    ids: new Map(),
    seats_at: [],
    label_key: '',
    companions: [],
    overfull: false,
  }
}

/** False once reading on is pointless: the chart is refused already, and its list of complaints is full. */
export function goesOn(build: ChartBuild): boolean {
  return !build.overfull && !build.report.isFull()
}

export function addCategory(build: ChartBuild, name: string, color: string): void {
  if (build.categories.has(name)) return
  build.categories.set(name, build.chart.categories.length)
  build.chart.categories.push({ name, color: color === '' ? categoryColor(build.chart.categories.length) : color })
}

export function addRow(build: ChartBuild, at: At, row: Omit<ChartRow, 'first' | 'count'>): ChartRow {
  if (build.chart.rows.length === chartLimits.rows) {
    build.report.add(at, `is one row too many; at most ${chartLimits.rows} are allowed`)
    build.overfull = true
  }
  const added: ChartRow = { ...row, first: build.chart.seats.length, count: 0 }
  build.chart.rows.push(added)
  return added
}

/** `keys` are what the document calls these members, for the pointers. */
export function addSeat(
  build: ChartBuild,
  row: ChartRow,
  at: At,
  seat: SeatFields,
  keys: { id: string; number: string; category: string },
): void {
  const { chart, report } = build
  if (chart.seats.length === chartLimits.seats) {
    report.add(at, `is one seat too many; at most ${chartLimits.seats} are allowed`)
    build.overfull = true
    return
  }
  noteId(build, seat.id, below(at, keys.id))
  const category = findCategory(build, seat.category, below(at, keys.category))
  const number = chart.seats.length
  if (seat.companion_of !== '') {
    build.companions.push({ seat: number, of: seat.companion_of, at: below(at, 'companion_of') })
  }
  const label = seatLabel(chart.sections[row.section]?.name ?? '', row, seat.number)
  build.seats_at.push(at)
  build.label_key = keys.number
  row.count += 1
  chart.seats.push({
    id: seat.id,
    section: row.section,
    row: chart.rows.length - 1,
    label,
    number: seat.number,
    x: seat.x,
    y: seat.y,
    radius: seat.radius,
    category,
    accessible: seat.accessible,
    obstructed: seat.obstructed,
    companion_of: null,
  })
}

export function findCategory(build: ChartBuild, name: string, at: At): number {
  const category = build.categories.get(name)
  if (category === undefined) build.report.add(at, `names the category ${quoted(name)}, which the chart does not have`)
  return category ?? 0
}

export function noteId(build: ChartBuild, id: string, at: At): void {
  if (id !== '') noteUse(build.ids, id, at)
}

function noteUse(uses: Map<string, Use>, name: string, at: At): void {
  const use = uses.get(name)
  if (use === undefined) {
    uses.set(name, { first: at, again: null, uses: 1 })
    return
  }
  use.uses += 1
  use.again ??= at
}

/** Labels that look the same are the same. Plain ASCII, which most are, needs no work: a chart has up to 80,000. */
function visible(label: string): string {
  if (!/[^\x20-\x7e]| {2}|^ | $/.test(label)) return label
  return label.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/**
 * True for a chart whose seats have plain numbers, none twice in rows of one name: then no two labels are equal. Nearly
 * every chart is such, and comparing the 80,000 labels of a large one takes a fifth of its import.
 */
function plainlyDistinct(chart: Chart): boolean {
  const numbersByRow = new Map<string, Set<string>>()
  for (const row of chart.rows) {
    if (row.seat_label !== null && row.seat_label !== '') return false
    const name = visible(seatLabel(chart.sections[row.section]?.name ?? '', row, ''))
    const numbers = numbersByRow.get(name) ?? new Set()
    numbersByRow.set(name, numbers)
    for (let seat = row.first; seat < row.first + row.count; seat += 1) {
      const number = chart.seats[seat]?.number ?? ''
      if (numbers.has(number) || !PLAIN_NUMBER.test(number)) return false
      numbers.add(number)
    }
  }
  return true
}

/** Tickets and the check-in name a seat by its label alone. Reports each repeated label once, at its second seat. */
function checkLabels({ chart, seats_at, label_key, report }: ChartBuild): void {
  if (plainlyDistinct(chart)) return
  const labels = chart.seats.map((seat) => visible(seat.label))
  const uses = new Map<string, Use>()
  seats_at.forEach((at, seat) => noteUse(uses, labels[seat] ?? '', below(at, label_key)))
  for (const [label, use] of uses) {
    if (label === '')
      report.add(use.first, 'has no label: section, row and seat are all blank, so nobody could find it')
    else if (use.again !== null) {
      report.add(
        use.again,
        `repeats the label ${quoted(label)}: ${use.uses} seats have it, the first is ${pointerOf(use.first)}`,
      )
    }
  }
}

/** The last checks, those over the whole chart; then the outcome. `emptyAt` is where a chart without places is blamed. */
export function finishChart(build: ChartBuild, emptyAt: At): ChartOutcome {
  const { chart, report } = build
  let repeats = false
  for (const [id, use] of build.ids) {
    if (use.again === null) continue
    repeats = true
    report.add(
      use.again,
      `repeats the id ${quoted(id)}: ${use.uses} places have it, the first is ${pointerOf(use.first)}`,
    )
  }
  // A seat drawn twice repeats its id and its label: it is told once.
  if (!repeats) checkLabels(build)
  const numbers = new Map<string, number>()
  if (build.companions.length > 0) chart.seats.forEach((seat, number) => numbers.set(seat.id, number))
  for (const { seat, of, at } of build.companions) {
    const accompanied = numbers.get(of)
    const companion = chart.seats[seat]
    if (accompanied === undefined || companion === undefined || accompanied === seat) {
      report.add(at, `names ${quoted(of)}, which is not another seat of the chart`)
    } else {
      companion.companion_of = accompanied
    }
  }
  if (chart.seats.length === 0 && chart.areas.length === 0 && report.errors.length === 0) {
    report.add(emptyAt, 'has no place in it: a chart needs at least one seat or one standing area')
  }
  if (report.errors.length > 0) return { kind: 'invalid-chart', errors: report.errors }
  settleRows(chart)
  settleSize(chart)
  return { kind: 'chart', chart }
}

/** Rows without seats are dropped: they mean nothing to a buyer. */
function settleRows(chart: Chart): void {
  if (chart.rows.every((row) => row.count > 0)) return
  chart.rows = chart.rows.filter((row) => row.count > 0)
  chart.rows.forEach((row, n) => {
    for (let seat = row.first; seat < row.first + row.count; seat += 1) {
      const placed = chart.seats[seat]
      if (placed !== undefined) placed.row = n
    }
  })
}

/** A chart that gives no size is as large as what is drawn on it. */
function settleSize(chart: Chart): void {
  if (chart.width > 0 && chart.height > 0) return
  let right = 1
  let bottom = 1
  const reach = (x: number, y: number) => {
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  for (const seat of chart.seats) reach(seat.x + seat.radius, seat.y + seat.radius)
  for (const { outline } of [...chart.areas, ...chart.shapes]) reachOutline(outline, reach)
  chart.width = Math.ceil(right)
  chart.height = Math.ceil(bottom)
}

function reachOutline(outline: Outline, reach: (x: number, y: number) => void): void {
  if (outline.shape === 'rectangle') reach(outline.x + outline.width, outline.y + outline.height)
  else if (outline.shape === 'ellipse') reach(outline.x + outline.rx, outline.y + outline.ry)
  else for (const point of outline.points) reach(point.x, point.y)
}

export function quoted(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`
}
