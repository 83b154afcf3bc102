import { describe, expect, test } from 'vitest'
import { adjacencyOf } from './adjacency.ts'
import { type Chart, type ChartError, chartLimits } from './chart.ts'
import { normaliseChart } from './normalise.ts'
import { hasPlans, planNames, readExpected, readPlan, repaired } from './plans.fixture.ts'
import { columnsOf } from './seat-columns.ts'

function accepted(body: unknown): Chart {
  const outcome = normaliseChart(body)
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome.errors.slice(0, 3)))
  return outcome.chart
}

function refused(body: unknown): ChartError[] {
  const outcome = normaliseChart(body)
  return outcome.kind === 'chart' ? [] : outcome.errors
}

function countBy(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

describe.runIf(hasPlans)('real plans', () => {
  test.each(planNames)('%s holds what it was counted to hold', (name) => {
    const expected = readExpected(name)
    const plan = readPlan(name)
    const chart = accepted(expected.guids_used_more_than_once > 0 ? repaired(plan) : plan)
    expect(chart.name).toBe(plan.name)
    expect({ width: chart.width, height: chart.height }).toEqual(expected.size)
    expect(chart.seats).toHaveLength(expected.seats)
    expect(chart.rows).toHaveLength(expected.rows)
    expect(chart.shapes).toHaveLength(expected.areas)
    expect(countBy(chart.seats.map((seat) => chart.sections[seat.section]?.name ?? ''))).toEqual(
      Object.fromEntries(Object.entries(expected.zones).map(([zone, { seats }]) => [zone, seats])),
    )
    expect(countBy(chart.seats.map((seat) => chart.categories[seat.category]?.name ?? ''))).toEqual(expected.categories)
    const xs = chart.seats.map((seat) => seat.x)
    const ys = chart.seats.map((seat) => seat.y)
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
    box.forEach((edge, n) => expect(edge).toBeCloseTo(expected.bbox[n] ?? Number.NaN, 1))
    const { starts } = adjacencyOf(columnsOf(chart))
    expect(chart.seats.length - (starts.length - 1)).toBe(expected.neighbour_pairs_in_row)
  })

  test('seats are numbered in document order and named in words', () => {
    const chart = accepted(readPlan('hall-ru-60'))
    expect(chart.seats[0]).toMatchObject({ id: '42-1-1', section: 0, row: 0, number: '1', x: 8, y: 8 })
    expect(chart.seats[13]?.label).toBe('Амфитеатр левая сторона, row 2, seat 4')
  })

  test('a plan whose seat ids repeat is refused, each of the 126 ids named once at its second place', () => {
    const plan = readPlan('pretix-plan-738')
    const errors = refused(plan)
    expect(errors).toHaveLength(readExpected('pretix-plan-738').guids_used_more_than_once)
    const named = new Set<string>()
    for (const { pointer, detail } of errors) {
      const [, zone, row, seat] = /^\/zones\/(\d+)\/rows\/(\d+)\/seats\/(\d+)\/seat_guid$/.exec(pointer) ?? []
      const guid = plan.zones[Number(zone)]?.rows[Number(row)]?.seats[Number(seat)]?.seat_guid ?? '?'
      expect(detail).toContain(`"${guid}"`)
      named.add(guid)
    }
    expect(named.size).toBe(126)
  })
})

/** A plan of one seat, to be bent. */
function smallPlan(bend: (plan: SmallPlan) => void): SmallPlan {
  const seat = { seat_guid: 'A-1', seat_number: '1', position: { x: 0, y: 0 }, category: 'Stalls' } as Bendable
  const row = { row_number: 'A', position: { x: 5, y: 5 }, seats: [seat] as unknown[] } as Bendable & {
    seats: unknown[]
  }
  const zone = { name: 'Zone', position: { x: 10, y: 0 }, rows: [row], areas: [] as unknown[] } as Bendable & {
    rows: (typeof row)[]
    areas: unknown[]
  }
  const plan = { name: 'Small', categories: [{ name: 'Stalls' }] as unknown[], zones: [zone], seat, row, zone }
  bend(plan)
  return { ...plan }
}
type Bendable = Record<string, unknown>
type SmallPlan = Bendable & {
  seat: Bendable
  row: Bendable & { seats: unknown[] }
  zone: Bendable & { areas: unknown[] }
  categories: unknown[]
}

const firstSeat = '/zones/0/rows/0/seats/0'

describe('refused pretix plans', () => {
  test.each<[string, (plan: SmallPlan) => void, string]>([
    ['no id', ({ seat }) => delete seat.seat_guid, `${firstSeat}/seat_guid`],
    ['an empty id', ({ seat }) => (seat.seat_guid = ' '), `${firstSeat}/seat_guid`],
    ['a null id', ({ seat }) => (seat.seat_guid = null), `${firstSeat}/seat_guid`],
    ['a number as id', ({ seat }) => (seat.seat_guid = 7), `${firstSeat}/seat_guid`],
    ['an over-long id', ({ seat }) => (seat.seat_guid = 'x'.repeat(129)), `${firstSeat}/seat_guid`],
    ['a NUL in an id', ({ seat }) => (seat.seat_guid = 'A\u0000'), `${firstSeat}/seat_guid`],
    ['a seat shown as another one', ({ seat }) => (seat.seat_guid = '\u202eA-12'), `${firstSeat}/seat_guid`],
    ['half a character', ({ seat }) => (seat.seat_guid = 'A\ud800'), `${firstSeat}/seat_guid`],
    ['an unknown category', ({ seat }) => (seat.category = 'Moon'), `${firstSeat}/category`],
    ['an inherited category', ({ seat }) => (seat.category = 'constructor'), `${firstSeat}/category`],
    [
      'an infinite coordinate',
      ({ seat }) => (seat.position = JSON.parse('{"x":1e999,"y":0}')),
      `${firstSeat}/position/x`,
    ],
    ['a far coordinate', ({ seat }) => (seat.position = { x: 0, y: 1e7 }), `${firstSeat}/position/y`],
    ['text as coordinate', ({ seat }) => (seat.position = { x: '3', y: 0 }), `${firstSeat}/position/x`],
    ['no position', ({ seat }) => delete seat.position, `${firstSeat}/position`],
    ['a seat that is a list', ({ row }) => row.seats.push([]), '/zones/0/rows/0/seats/1'],
    ['a seat that is null', ({ row }) => row.seats.push(null), '/zones/0/rows/0/seats/1'],
    ['an over-long row label', ({ row }) => (row.row_number = 'x'.repeat(81)), '/zones/0/rows/0/row_number'],
    ['seats of the wrong type', ({ row }) => Object.assign(row, { seats: {} }), '/zones/0/rows/0/seats'],
    ['a plan without seats', ({ row }) => row.seats.pop(), '/zones'],
    ['a category without a name', ({ categories }) => categories.push({ color: '#fff' }), '/categories/1/name'],
    ['a strange size', (plan) => (plan.size = 'big'), '/size'],
    ['a strange radius', ({ seat }) => (seat.radius = -1), `${firstSeat}/radius`],
    ['zones of the wrong type', (plan) => Object.assign(plan, { zones: 'none' }), '/zones'],
  ])('%s', (_, bend, pointer) => {
    expect(refused(smallPlan(bend)).map((error) => error.pointer)).toContain(pointer)
  })

  test('pointers escape what RFC 6901 escapes', () => {
    const document = { format: 'tessera-chart/1', name: 'x', categories: [], sections: [{ name: 's', rows: [{}] }] }
    expect(refused(document).map((error) => error.pointer)).toContain('/sections/0/rows/0/seats')
  })

  test.each([[null], [7], ['plan'], [[]], [{}], [{ format: 'tessera-chart/9' }], [{ name: 'x', seats: [] }]])(
    'neither format: %j',
    (body) => expect(refused(body)).toHaveLength(1),
  )
})

describe('plans as they are found', () => {
  test('null labels, unknown members, missing size and positions are taken', () => {
    const chart = accepted(
      smallPlan(({ row, zone, seat }) => {
        Object.assign(row, { row_label: null, seat_label: null, row_number_position: 'left', rotation: 3 })
        Object.assign(zone, { name: null, position: undefined, whim: { deep: [1] } })
        Object.assign(seat, { start_direction: null, uuid: 'x' })
      }),
    )
    expect(chart.seats[0]).toMatchObject({ x: 5, y: 5, label: 'row A, seat 1' })
    expect([chart.width, chart.height]).toEqual([5, 5])
    expect(chart.categories[0]?.color).toMatch(/^#/)
  })

  test('labels use the plan’s own words', () => {
    const chart = accepted(
      smallPlan(({ row }) => Object.assign(row, { row_label: 'Reihe %s', seat_label: 'Platz %s' })),
    )
    expect(chart.seats[0]?.label).toBe('Zone, Reihe A, Platz 1')
  })

  test('every kind of area is drawn; an area that draws nothing is dropped', () => {
    const at = { x: 10, y: 20 }
    const chart = accepted(
      smallPlan(({ zone }) =>
        zone.areas.push(
          { shape: 'rectangle', position: at, rotation: 90, rectangle: { width: 8, height: 4 }, color: '#cbeeb3' },
          { shape: 'circle', position: at, circle: { radius: 3 }, color: 'url(x)' },
          { shape: 'ellipse', position: at, ellipse: { radius: { x: 3, y: 5 } } },
          { shape: 'polygon', position: at, polygon: { points: [at, { x: 0, y: 0 }, { x: 9, y: 1 }] } },
          { shape: 'text', position: at, rotation: 90, text: { position: { x: 4, y: 0 }, text: 'STAGE', size: 20 } },
          { shape: 'rectangle', position: at, rectangle: { width: 0, height: 4 } },
          { shape: 'cloud', position: at },
        ),
      ),
    )
    expect(chart.shapes.map(({ outline }) => outline.shape)).toEqual(['rectangle', 'ellipse', 'ellipse', 'polygon'])
    expect(chart.shapes[0]).toMatchObject({ color: '#cbeeb3', outline: { x: 20, y: 20, rotation: 90 } })
    expect(chart.shapes[1]?.color).toBeNull()
    expect(chart.shapes[3]?.outline).toMatchObject({
      points: [
        { x: 30, y: 40 },
        { x: 20, y: 20 },
        { x: 29, y: 21 },
      ],
    })
    expect(chart.texts).toHaveLength(1)
    expect(chart.texts[0]).toMatchObject({ text: 'STAGE', size: 20, rotation: 90, y: 24 })
    expect(chart.texts[0]?.x).toBeCloseTo(20)
  })
})

describe('limits', () => {
  function hall(seats: number): unknown {
    const row = (n: number) => ({
      row_number: String(n),
      seats: Array.from({ length: Math.min(100, seats - n * 100) }, (_, m) => ({
        seat_guid: `${n}-${m}`,
        seat_number: String(m),
        position: { x: m * 20, y: n * 20 },
        category: 'A',
      })),
    })
    const rows = Array.from({ length: Math.ceil(seats / 100) }, (_, n) => row(n))
    return { name: 'Hall', categories: [{ name: 'A' }], zones: [{ name: '', rows }] }
  }

  test('80,000 seats are read in under a second', () => {
    const plan = hall(chartLimits.seats)
    const start = performance.now()
    expect(accepted(plan).seats).toHaveLength(80_000)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('one seat more is refused at its place', () => {
    expect(refused(hall(chartLimits.seats + 1))).toEqual([
      { pointer: '/zones/0/rows/800/seats/0', detail: expect.stringContaining('80000') },
    ])
  })

  test('a document that is wrong everywhere is refused quickly and in few words', () => {
    const seats = Array.from({ length: 300_000 }, () => ({}))
    const start = performance.now()
    const errors = refused({ name: 'x', categories: [], zones: [{ rows: [{ seats }] }] })
    expect(errors).toHaveLength(chartLimits.errors)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('depth is never walked into', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown
    expect(refused({ zones: [deep], categories: [], extra: deep })[0]?.pointer).toBe('/zones/0')
  })
})
