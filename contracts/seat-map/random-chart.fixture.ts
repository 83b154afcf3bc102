/** Charts for property tests: anything that `normaliseChart` may make. */
import fc from 'fast-check'
import type { Chart, Outline } from './chart.ts'
import { normaliseChart } from './normalise.ts'

const coordinate = fc.double({ min: -5_000, max: 5_000, noNaN: true }).map((value) => Math.round(value * 64) / 64 + 0)
const extent = fc.integer({ min: 1, max: 900 })
const color = fc.constantFrom('#fff', '#2f55d4', '#00838f80')
const word = fc.constantFrom('', 'A', 'BB', '12', 'Партер', '楽', 'a"b', '%s')
const degrees = fc.integer({ min: -180, max: 180 })

const outline: fc.Arbitrary<Outline> = fc.oneof(
  fc.record({
    shape: fc.constant('rectangle' as const),
    x: coordinate,
    y: coordinate,
    width: extent,
    height: extent,
    rotation: degrees,
  }),
  fc.record({
    shape: fc.constant('ellipse' as const),
    x: coordinate,
    y: coordinate,
    rx: extent,
    ry: extent,
    rotation: degrees,
  }),
  fc.record({
    shape: fc.constant('polygon' as const),
    points: fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 6 }),
  }),
)

const categories = ['Stalls', 'Circle', 'Balcony']

const seatParts = fc.record({
  label: fc.oneof(word, fc.integer({ min: 0, max: 50 }).map(String)),
  x: coordinate,
  y: coordinate,
  category: fc.constantFrom(...categories),
  accessible: fc.boolean(),
  obstructed: fc.boolean(),
})

const rowParts = fc.record({
  label: word,
  words: fc.constantFrom({}, { row_label: 'Reihe %s' }, { row_label: 'R %s', seat_label: 'Platz %s' }),
  radius: fc.constantFrom(undefined, 8, 9.5),
  ids: fc.constantFrom('plain', 'padded', 'wild'),
  seats: fc.array(seatParts, { minLength: 1, maxLength: 12 }),
})

/** Rows as people number them: in order, evenly spaced. */
const tidyRow = fc
  .tuple(rowParts, coordinate, coordinate, fc.integer({ min: 0, max: 30 }), fc.constantFrom(1, 2, -1))
  .map(([row, x, y, first, step]) => ({
    ...row,
    seats: row.seats.map((seat, n) => ({ ...seat, label: String(first + 60 + n * step), x: x + n * 20, y })),
  }))

const anyRow = fc.oneof(rowParts, tidyRow)

const sections = fc.array(
  fc.record({
    name: word,
    rows: fc.array(anyRow, { maxLength: 4 }),
    tables: fc.array(fc.tuple(anyRow, outline), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
)

const scenery = fc.record({
  areas: fc.array(
    fc.record({
      name: fc.constantFrom('Floor', 'Pit'),
      category: fc.constantFrom(...categories),
      capacity: extent,
      outline,
    }),
    { maxLength: 2 },
  ),
  shapes: fc.array(fc.record({ kind: fc.constantFrom('stage', 'decoration'), outline, label: word, color }), {
    maxLength: 3,
  }),
  texts: fc.array(fc.record({ text: word, x: coordinate, y: coordinate, size: extent, rotation: degrees }), {
    maxLength: 3,
  }),
})

export const arbitraryChart: fc.Arbitrary<Chart> = fc.tuple(sections, scenery).map(([drawn, decor]) => {
  let n = 0
  let rows_drawn = 0
  const rowOf = (row: {
    label: string
    words: object
    radius: number | undefined
    ids: string
    seats: { label: string }[]
  }) => ({
    // No two seats of a chart may be called the same.
    label: `${row.label} ${++rows_drawn}`.trim(),
    ...row.words,
    seats: row.seats.map((seat, i) => {
      n += 1
      const label = row.seats.findIndex((other) => other.label === seat.label) === i ? seat.label : `${seat.label}#${n}`
      const id =
        row.ids === 'plain' ? `s${n}-${seat.label}` : row.ids === 'padded' ? `p${String(n).padStart(5, '0')}` : `${n}🎭`
      return { ...seat, label, id, ...(row.radius && { radius: row.radius }) }
    }),
  })
  const document = {
    format: 'tessera-chart/1',
    name: 'Random',
    size: { width: 1000, height: 800 },
    categories: categories.map((name) => ({ name })),
    sections: drawn.map(({ name, rows, tables }) => ({
      name,
      rows: rows.map(rowOf),
      tables: tables.map(([table, shape]) => ({ ...rowOf(table), outline: shape })),
    })),
    ...decor,
    areas: [
      {
        name: 'Always',
        category: 'Stalls',
        capacity: 9,
        outline: { shape: 'ellipse', x: 0, y: 0, rx: 5, ry: 5, rotation: 0 },
      },
      ...decor.areas,
    ].map((area, m) => ({ ...area, id: `area-${m}` })),
  }
  const outcome = normaliseChart(document)
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome.errors))
  return outcome.chart
})
