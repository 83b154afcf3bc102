/** The demo's theatre: 1,100 seats, drawn by arithmetic. */
import type { TesseraChart } from '@tessera/contracts/seat-map/chart'
import { distance, type Point, ROW_LETTERS, type Row, type Seat, type Section, seatsIn, tidy } from './chart-drawing.ts'

const PITCH = 22
const RADIUS = 8.5
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

/** The stage's front edge bulges into the hall. */
function apron(): Point[] {
  const front = Array.from({ length: 25 }, (_, n) => onArc(560, -0.3 + (n / 24) * 0.6))
  const back = THEATRE.y + 455
  return [{ x: front[0]?.x ?? 0, y: back }, ...front, { x: front.at(-1)?.x ?? 0, y: back }]
}

/** In front of the tier's first row. */
function tierTextSpot(n: number): Point {
  return onArc((tiers[n]?.first ?? 0) - 27, 0)
}
