/** The demo's arena: 18,000 seats, drawn by arithmetic. */
import type { TesseraChart } from '@tessera/contracts/seat-map/chart'
import { distance, type Point, ROW_LETTERS, type Row, type Section, seatsIn, tidy } from './chart-drawing.ts'

/** The floor is a rectangle with round corners; the bowl's rows run parallel to its edge. */
const BOWL = { x: 1900, y: 2000, half_width: 300, half_height: 520, corner: 200 }
const SEAT_GAP = 20
const RADIUS = 8
const ROW_GAP = 23

type Ring = { name: string; first_block: number; category: string; rows: number; first: number }

const rings: Ring[] = [
  { name: 'Lower', first_block: 101, category: 'Lower tier', rows: 20, first: 40 },
  { name: 'Upper', first_block: 201, category: 'Upper tier', rows: 26, first: 590 },
]

/** A bowl of blocks in two tiers round a seated floor, the stage at the north end. */
export function arenaChart(): TesseraChart {
  const bowl = rings.flatMap(ringSections)
  const seated = bowl.reduce((sum, section) => sum + seatsIn(section), 0)
  return {
    format: 'tessera-chart/1',
    name: 'Harbour Arena',
    size: { width: 2 * BOWL.x, height: 2 * BOWL.y },
    categories: [
      { name: 'Floor', color: '#7a1fa2' },
      { name: 'Lower tier', color: '#2f55d4' },
      { name: 'Lower tier, side', color: '#00838f' },
      { name: 'Upper tier', color: '#c06a00' },
      { name: 'Upper tier, side', color: '#5b8a00' },
    ],
    sections: [...floorSections(18_000 - seated), ...bowl],
    shapes: [{ kind: 'stage', outline: arenaStage(), label: 'Stage' }],
  }
}

type Piece = { from: number; to: number }

/**
 * The rim is cut into blocks: three on the south side, five on each long one, three in each corner. Places on the
 * rim run clockwise from the middle of the north side, which is the stage's and has no blocks.
 */
function ringSections(ring: Ring): Section[] {
  const pieces = rimPieces()
  return pieces.map((piece, n): Section => {
    const block = ring.first_block + n
    const isSide = piece.from < 0.17 || piece.to > 0.83
    const category = isSide ? `${ring.category}, side` : ring.category
    const rows = Array.from({ length: ring.rows }, (_, r): Row => {
      const label = String(r + 1)
      const spots = pieceRow(piece, ring.first + r * ROW_GAP)
      return {
        label,
        seats: spots.map((spot, m) => ({
          id: `${block}-${label}-${m + 1}`,
          label: String(m + 1),
          ...spot,
          radius: RADIUS,
          category,
          ...(ring.name === 'Lower' && r === ring.rows - 1 && n % 4 === 2 && m < 4 && { accessible: m % 2 === 0 }),
          ...(isSide && r < 2 && { obstructed: true }),
        })),
      }
    })
    return { name: `Block ${block}`, rows }
  })
}

/** In shares of the rim at its inner edge, so that blocks of both tiers stand behind each other. */
function rimPieces(): Piece[] {
  const { half_width, half_height, corner } = BOWL
  const arc = (Math.PI / 2) * corner
  const runs = [
    { length: half_width, blocks: 0 },
    { length: arc, blocks: 3 },
    { length: 2 * half_height, blocks: 5 },
    { length: arc, blocks: 3 },
    { length: 2 * half_width, blocks: 3 },
    { length: arc, blocks: 3 },
    { length: 2 * half_height, blocks: 5 },
    { length: arc, blocks: 3 },
    { length: half_width, blocks: 0 },
  ]
  const total = runs.reduce((sum, run) => sum + run.length, 0)
  const pieces: Piece[] = []
  let at = 0
  for (const { length, blocks } of runs) {
    for (let n = 0; n < blocks; n += 1) {
      pieces.push({ from: (at + (n / blocks) * length) / total, to: (at + ((n + 1) / blocks) * length) / total })
    }
    at += length
  }
  return pieces
}

/** One row of a block, `out` units behind the rim, from aisle to aisle with half an aisle left free on either side. */
function pieceRow({ from, to }: Piece, out: number): Point[] {
  const length = rowLength(from, to, out)
  const margin = (1.1 * SEAT_GAP) / length
  const seats = Math.floor((length * (1 - 2 * margin)) / SEAT_GAP) + 1
  const share = (n: number) => from + (to - from) * (margin + (n / (seats - 1)) * (1 - 2 * margin))
  return Array.from({ length: seats }, (_, n) => onRim(share(n), out))
}

function rowLength(from: number, to: number, out: number): number {
  let length = 0
  for (let n = 0; n < 8; n += 1) {
    length += distance(onRim(from + ((to - from) * n) / 8, out), onRim(from + ((to - from) * (n + 1)) / 8, out))
  }
  return length
}

/** The point at that share of the rim, clockwise from the middle of the north side, `out` units behind it. */
function onRim(share: number, out: number): Point {
  const { half_width: a, half_height: b, corner } = BOWL
  const arc = (Math.PI / 2) * corner
  let at = share * (4 * a + 4 * b + 4 * arc)
  const sides = [
    { length: a, from: { x: 0, y: -b - corner }, along: { x: 1, y: 0 } },
    { length: arc, turn: -Math.PI / 2, center: { x: a, y: -b } },
    { length: 2 * b, from: { x: a + corner, y: -b }, along: { x: 0, y: 1 } },
    { length: arc, turn: 0, center: { x: a, y: b } },
    { length: 2 * a, from: { x: a, y: b + corner }, along: { x: -1, y: 0 } },
    { length: arc, turn: Math.PI / 2, center: { x: -a, y: b } },
    { length: 2 * b, from: { x: -a - corner, y: b }, along: { x: 0, y: -1 } },
    { length: arc, turn: Math.PI, center: { x: -a, y: -b } },
    { length: a + 1, from: { x: -a, y: -b - corner }, along: { x: 1, y: 0 } },
  ]
  for (const side of sides) {
    if (at > side.length) {
      at -= side.length
      continue
    }
    if ('center' in side && side.center !== undefined) {
      const angle = (side.turn ?? 0) + at / corner
      const reach = corner + out
      return tidy({
        x: BOWL.x + side.center.x + reach * Math.cos(angle),
        y: BOWL.y + side.center.y + reach * Math.sin(angle),
      })
    }
    const { from, along } = side
    if (from === undefined || along === undefined) break
    return tidy({
      x: BOWL.x + from.x + along.x * at + along.y * out,
      y: BOWL.y + from.y + along.y * at - along.x * out,
    })
  }
  return { x: BOWL.x, y: BOWL.y }
}

const FLOOR = { columns: 4, blocks: 3, row_seats: 12, top: 1580 }

/** The floor takes the seats that are still missing: blocks of straight rows, the last row filled up last. */
function floorSections(seats: number): Section[] {
  const perRow = FLOOR.columns * FLOOR.row_seats
  const rowsDeep = Math.ceil(seats / perRow)
  const rowsInBlock = Math.ceil(rowsDeep / FLOOR.blocks)
  const sections: Section[] = []
  let left = seats
  for (let block = 0; block < FLOOR.blocks; block += 1) {
    for (let column = 0; column < FLOOR.columns; column += 1) {
      const letter = ROW_LETTERS[block * FLOOR.columns + column] ?? ''
      const rows: Row[] = []
      for (let r = 0; r < rowsInBlock && left > 0; r += 1) {
        const count = Math.min(FLOOR.row_seats, left)
        left -= count
        rows.push(floorRow(letter, block * rowsInBlock + r, r, column, block, count))
      }
      sections.push({ name: `Floor ${letter}`, rows })
    }
  }
  return sections.filter(({ rows }) => rows !== undefined && rows.length > 0)
}

function floorRow(letter: string, deep: number, r: number, column: number, block: number, count: number): Row {
  const width = (FLOOR.row_seats - 1) * SEAT_GAP
  const aisle = 1.7 * SEAT_GAP
  const left = BOWL.x - (FLOOR.columns * width + (FLOOR.columns - 1) * aisle) / 2 + column * (width + aisle)
  const y = FLOOR.top + deep * ROW_GAP + block * aisle
  const label = String(r + 1)
  return {
    label,
    seats: Array.from({ length: count }, (_, n) => ({
      id: `floor-${letter}-${label}-${n + 1}`,
      label: String(n + 1),
      ...tidy({ x: left + n * SEAT_GAP, y }),
      radius: RADIUS,
      category: 'Floor',
    })),
  }
}

function arenaStage(): { shape: 'polygon'; points: Point[] } {
  const { x, y } = BOWL
  const top = y - 690
  const wing = [
    [-330, 0],
    [330, 0],
    [330, 190],
    [70, 190],
    [70, 235],
    [-70, 235],
    [-70, 190],
    [-330, 190],
  ]
  return { shape: 'polygon', points: wing.map(([dx, dy]) => ({ x: x + (dx ?? 0), y: top + (dy ?? 0) })) }
}
