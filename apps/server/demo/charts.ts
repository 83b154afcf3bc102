/**
 * The demo's rooms, drawn by arithmetic: a theatre of 1,100 seats and an arena of 18,000. (The third, a standing club,
 * has no chart: its tickets are general admission.) One unit is about 2.5 cm; people sit 22 units apart.
 */
import type { TesseraChart } from '@tessera/contracts/seat-map/chart'

type Section = NonNullable<TesseraChart['sections']>[number]
type Row = NonNullable<Section['rows']>[number]
type Seat = Row['seats'][number]
type Point = { x: number; y: number }

const PITCH = 22
const RADIUS = 8.5
const ROW_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/* ---------------------------------------------------------------- theatre */

const THEATRE = { x: 900, y: -330, seats: 1_100 }

type Tier = {
  name: string
  category: string
  rows: number
  /** Distance from the theatre's pole to the first row, and from row to row. */
  first: number
  step: number
  /** Half the angle the tier spans, and where its aisles run, from the middle, in radians. */
  reach: number
  aisles: number[]
}

const tiers: Tier[] = [
  { name: 'Stalls', category: 'Stalls', rows: 15, first: 640, step: 25, reach: 0.432, aisles: [-0.15, 0.15] },
  {
    name: 'Dress circle',
    category: 'Dress circle',
    rows: 6,
    first: 1070,
    step: 26,
    reach: 0.5,
    aisles: [-0.26, 0.26],
  },
  {
    name: 'Balcony',
    category: 'Balcony',
    rows: 7,
    first: 1275,
    step: 26,
    reach: 0.5,
    aisles: [-0.3, -0.1, 0.1, 0.3],
  },
]

/** Stalls, dress circle and balcony on arcs round the stage, with radial aisles, and eight boxes along the walls. */
export function theatreChart(): TesseraChart {
  const halls = tiers.map(tierSection)
  const sections = [...halls, ...boxes()]
  makeRoomForTheDesk(halls.at(-1), sections.reduce((sum, section) => sum + seatsIn(section), 0) - THEATRE.seats)
  return {
    format: 'tessera-chart/1',
    name: 'Old Opera House',
    size: { width: 1800, height: 1150 },
    categories: [
      { name: 'Royal box', color: '#7a1fa2' },
      { name: 'Stalls', color: '#2f55d4' },
      { name: 'Dress circle', color: '#00838f' },
      { name: 'Balcony', color: '#c06a00' },
    ],
    sections,
    shapes: [{ kind: 'stage', outline: { shape: 'polygon', points: apron() }, label: 'Stage' }],
    texts: halls.map(({ name }, n) => ({ text: name, ...tierTextSpot(n), size: 19 })),
  }
}

function tierSection(tier: Tier): Section {
  const rows = Array.from({ length: tier.rows }, (_, n): Row => {
    const label = ROW_LETTERS[n] ?? String(n)
    const spots = arcRow(tier.first + n * tier.step, tier.reach, tier.aisles)
    return {
      label,
      seats: spots.map((spot, m) => ({
        id: `${tier.name.toLowerCase().replaceAll(' ', '-')}-${label}-${m + 1}`,
        label: String(m + 1),
        ...spot,
        radius: RADIUS,
        category: tier.category,
      })),
    }
  })
  if (tier.name === 'Stalls') stepFree(rows)
  if (tier.name === 'Dress circle') restrictEnds(rows)
  return { name: tier.name, rows }
}

/** Lighting and sound work from the middle of the balcony's last row: it has no seats there. */
function makeRoomForTheDesk(balcony: Section | undefined, places: number): void {
  const seats = balcony?.rows?.at(-1)?.seats ?? []
  seats.splice(Math.floor((seats.length - places) / 2), places)
}

/** The last row of the stalls is level with the foyer: two wheelchair places at each aisle, each with a companion. */
function stepFree(rows: Row[]): void {
  const last = rows.at(-1)?.seats ?? []
  const gaps = last.flatMap((seat, n) => (n > 0 && distance(seat, last[n - 1] ?? seat) > 1.5 * PITCH ? [n] : []))
  for (const aisle of gaps) {
    for (const [place, companion] of [
      [aisle - 1, aisle - 2],
      [aisle, aisle + 1],
    ] as const) {
      const seat = last[place]
      const beside = last[companion]
      if (seat === undefined || beside === undefined) continue
      seat.accessible = true
      beside.companion_of = seat.id
    }
  }
}

/** From the ends of the dress circle's front rows the proscenium hides a part of the stage. */
function restrictEnds(rows: Row[]): void {
  for (const { seats } of rows.slice(0, 3)) {
    for (const seat of [seats[0], seats[1], seats.at(-2), seats.at(-1)]) if (seat !== undefined) seat.obstructed = true
  }
}

/** Four a side, along walls that open towards the back: A to D on the left, E to H on the right. */
function boxes(): Section[] {
  return Array.from({ length: 8 }, (_, n): Section => {
    const side = n < 4 ? -1 : 1
    const letter = ROW_LETTERS[n] ?? ''
    const corner = { x: THEATRE.x + side * (452 + (n % 4) * 27), y: 300 + (n % 4) * 74 }
    const seats = Array.from({ length: 4 }, (_, m): Seat => {
      const label = String(m + 1)
      const spot = tidy({ x: corner.x + side * (m % 2) * PITCH, y: corner.y + Math.floor(m / 2) * PITCH })
      return { id: `box-${letter}-${label}`, label, ...spot, radius: RADIUS, category: 'Royal box' }
    })
    return { name: `Box ${letter}`, rows: [{ label: '', seats }] }
  })
}

/** Seats along an arc, filling each block between two aisles from edge to edge. Left to right as the audience sits. */
function arcRow(distance: number, reach: number, aisles: number[]): Point[] {
  const aisle = (1.15 * PITCH) / distance
  const edges = [-reach, ...aisles.flatMap((angle) => [angle - aisle, angle + aisle]), reach]
  const spots: Point[] = []
  for (let n = 0; n < edges.length; n += 2) {
    const [from, to] = [edges[n] ?? 0, edges[n + 1] ?? 0]
    const seats = Math.floor(((to - from) * distance) / PITCH) + 1
    const step = seats > 1 ? (to - from) / (seats - 1) : 0
    for (let m = 0; m < seats; m += 1) spots.push(onArc(distance, from + m * step))
  }
  return spots
}

/** `angle` 0 is straight down from the stage, positive to the right. */
function onArc(distance: number, angle: number): Point {
  return tidy({ x: THEATRE.x + distance * Math.sin(angle), y: THEATRE.y + distance * Math.cos(angle) })
}

/** The stage's front edge bulges into the house. */
function apron(): Point[] {
  const front = Array.from({ length: 25 }, (_, n) => onArc(560, -0.3 + (n / 24) * 0.6))
  const back = THEATRE.y + 455
  return [{ x: front[0]?.x ?? 0, y: back }, ...front, { x: front.at(-1)?.x ?? 0, y: back }]
}

/** In front of the tier's first row. */
function tierTextSpot(n: number): Point {
  return onArc((tiers[n]?.first ?? 0) - 27, 0)
}

/* ------------------------------------------------------------------ arena */

/** The floor is a rectangle with round corners; the bowl's rows run parallel to its edge. */
const BOWL = { x: 1900, y: 2000, half_width: 300, half_height: 520, corner: 200 }
const SEAT_GAP = 20
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
          radius: RADIUS - 0.5,
          category,
          ...(ring.name === 'Lower' && r === ring.rows - 1 && n % 4 === 2 && m < 4 && { accessible: m % 2 === 0 }),
          ...(isSide && r < 6 && { obstructed: true }),
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

/** The floor takes what the house still lacks: blocks of straight rows, the hindmost row filled up last. */
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
      radius: RADIUS - 0.5,
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

function seatsIn(section: Section): number {
  return (section.rows ?? []).reduce((sum, row) => sum + row.seats.length, 0)
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function tidy({ x, y }: Point): Point {
  return { x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 }
}
