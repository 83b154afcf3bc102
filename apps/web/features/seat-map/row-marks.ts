/** Where rows write their names: just beyond their ends, where no seat stands. */
import { adjacencyOf } from '@tessera/contracts/seat-map/adjacency'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type SeatIndex, seatAt } from './seat-index.ts'

/** `align`: which part of the name is at x, so that beside seats it is written away from them. */
export type RowMark = { x: number; y: number; label: string; align: CanvasTextAlign }

/** How far beyond the last seat, in pitches: the middle of a name, or its near end. */
const BEYOND = 1.25
const BESIDE = 0.95

/** The least between two names, in pitches. */
const APART = 0.8

/** A row this much shorter from end to end than along its seats stands round something: its name goes inside. */
const ROUND_SHARE = 0.8

export function rowMarks(geometry: Geometry, index: SeatIndex): RowMark[] {
  const { seats } = adjacencyOf(geometry)
  const cells = new Map<string, RowMark>()
  const second: RowMark[] = []
  for (const row of geometry.rows) {
    if (row.label === '' || row.table !== null) continue
    // Runs keep rows together, so a row's seats from end to end are the same slice as in the document.
    const order = seats.subarray(row.first, row.first + row.count)
    const [first, last] = [order[0], order.at(-1)]
    if (first === undefined || last === undefined) continue
    if (order.length > 3 && isRound(geometry, order)) {
      place(cells, geometry.pitch, middleOf(geometry, order, row.label))
      continue
    }
    const marks = markBeyond(geometry, index, first, order[1] ?? first, row.label)
    const others = order.length > 3 ? markBeyond(geometry, index, last, order.at(-2) ?? last, row.label) : []
    const one = marks.find((mark) => place(cells, geometry.pitch, mark))
    if (one === undefined) others.some((mark) => place(cells, geometry.pitch, mark))
    else second.push(...others)
  }
  // The far ends are named too where that takes no room from a row's only name.
  for (const mark of second) place(cells, geometry.pitch, mark)
  return [...cells.values()]
}

/** False where another name stands already. */
function place(cells: Map<string, RowMark>, pitch: number, mark: RowMark): boolean {
  // So small that two names which are far enough apart are never in one cell.
  const side = (APART * pitch) / 2
  const [column, row] = [Math.floor(mark.x / side), Math.floor(mark.y / side)]
  for (let dx = -2; dx <= 2; dx += 1) {
    for (let dy = -2; dy <= 2; dy += 1) {
      const other = cells.get(`${column + dx}:${row + dy}`)
      if (other !== undefined && Math.hypot(other.x - mark.x, other.y - mark.y) < APART * pitch) return false
    }
  }
  cells.set(`${column}:${row}`, mark)
  return true
}

function isRound({ x, y }: Geometry, order: Int32Array): boolean {
  let way = 0
  for (let n = 1; n < order.length; n += 1) way += distance(x, y, order[n - 1] ?? 0, order[n] ?? 0)
  return distance(x, y, order[0] ?? 0, order.at(-1) ?? 0) < ROUND_SHARE * way
}

function middleOf({ x, y }: Geometry, order: Int32Array, label: string): RowMark {
  const mean = (column: Float32Array) => order.reduce((sum, seat) => sum + (column[seat] ?? 0), 0) / order.length
  return { x: mean(x), y: mean(y), label, align: 'center' }
}

function distance(x: Float32Array, y: Float32Array, a: number, b: number): number {
  return Math.hypot((x[a] ?? 0) - (x[b] ?? 0), (y[a] ?? 0) - (y[b] ?? 0))
}

function markBeyond(geometry: Geometry, index: SeatIndex, end: number, inner: number, label: string): RowMark[] {
  const { x, y, pitch } = geometry
  const [ex, ey] = [x[end] ?? 0, y[end] ?? 0]
  const [dx, dy] = end === inner ? [-1, 0] : [ex - (x[inner] ?? 0), ey - (y[inner] ?? 0)]
  const length = Math.hypot(dx, dy) || 1
  const beside = Math.abs(dx) > Math.abs(dy)
  const reach = ((beside ? BESIDE : BEYOND) * pitch) / length
  const align: CanvasTextAlign = beside ? (dx < 0 ? 'right' : 'left') : 'center'
  const mark = { x: ex + dx * reach, y: ey + dy * reach, label, align }
  return seatAt(index, mark, pitch * 0.8) === null ? [mark] : []
}

/** Names of sections above them, for rooms that do not say it themselves in texts. */
const TITLED_SECTIONS_MAX = 16

export function sectionTitles({ sections, texts, section, x, y, pitch }: Geometry, index: SeatIndex): RowMark[] {
  if (texts.length > 0 || sections.length < 2 || sections.length > TITLED_SECTIONS_MAX) return []
  return sections.flatMap(({ name, seats }, n) => {
    if (seats === 0 || name === '') return []
    let [left, right, top] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    section.forEach((own, seat) => {
      if (own !== n) return
      left = Math.min(left, x[seat] ?? 0)
      right = Math.max(right, x[seat] ?? 0)
      top = Math.min(top, y[seat] ?? 0)
    })
    const title = (up: number) => ({
      x: (left + right) / 2,
      y: top - up * pitch,
      label: name,
      align: 'center' as const,
    })
    return [1.5, 1]
      .map(title)
      .filter((spot) => seatAt(index, spot, 0.9 * pitch) === null)
      .slice(0, 1)
  })
}
