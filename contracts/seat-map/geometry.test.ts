import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chart } from './chart.ts'
import { decodeGeometry, type GeometryDocument, seatName } from './geometry.ts'
import { encodeGeometry } from './geometry-encode.ts'
import { normaliseChart } from './normalise.ts'
import { hasPlans, planNames, readPlan, repaired } from './plans.fixture.ts'
import { arbitraryChart } from './random-chart.fixture.ts'
import { columnsOf } from './seat-columns.ts'

function chartOf(body: unknown): Chart {
  const outcome = normaliseChart(body)
  if (outcome.kind !== 'chart') throw new Error('the fixture must be a chart')
  return outcome.chart
}

/** Over the wire and back. */
function roundTrip(chart: Chart) {
  return decodeGeometry(JSON.parse(JSON.stringify(encodeGeometry(chart))) as GeometryDocument)
}

describe('the geometry document', () => {
  test('tells every seat as the chart does', () => {
    fc.assert(
      fc.property(arbitraryChart, (chart) => {
        const geometry = roundTrip(chart)
        const columns = columnsOf(chart)
        expect(geometry.count).toBe(chart.seats.length)
        expect(geometry.flags).toEqual(columns.flags)
        chart.seats.forEach((seat, n) => {
          expect(geometry.ids[n]).toBe(seat.id)
          expect(geometry.number_of.get(seat.id)).toBe(n)
          expect(seatName(geometry, n)).toBe(seat.label)
          expect(geometry.category[n]).toBe(seat.category)
          expect(geometry.section[n]).toBe(seat.section)
          expect(geometry.row[n]).toBe(seat.row)
          expect(Math.abs((geometry.x[n] ?? 0) - (columns.x[n] ?? 0))).toBeLessThan(0.02 * columns.pitch + 1e-3)
          expect(Math.abs((geometry.y[n] ?? 0) - (columns.y[n] ?? 0))).toBeLessThan(0.02 * columns.pitch + 1e-3)
        })
        const { left, top, right, bottom } = geometry.bounds
        expect(geometry.x.every((x) => x > left && x < right)).toBe(true)
        expect(geometry.y.every((y) => y > top && y < bottom)).toBe(true)
        expect(geometry.shapes).toEqual(chart.shapes)
        expect(geometry.texts).toEqual(chart.texts)
        expect(geometry.areas).toEqual(chart.areas)
      }),
      { numRuns: 60 },
    )
  })

  test.each(hasPlans ? planNames : [])('%s costs few bytes a seat', (name) => {
    const chart = chartOf(repaired(readPlan(name)))
    // The repair gives 420 of the 738 seats a UUID in their id; those bytes are the plan's own.
    const ids = name === 'pretix-plan-738' ? 45 : 0
    expect(JSON.stringify(encodeGeometry(chart)).length / chart.seats.length).toBeLessThan(
      25 + ids + 3_000 / chart.seats.length,
    )
  })

  test.runIf(hasPlans)('outlines hold their section’s seats and leave the stage free', () => {
    const chart = chartOf(repaired(readPlan('pretix-plan-738')))
    const geometry = roundTrip(chart)
    for (let seat = 0; seat < geometry.count; seat += 1) {
      const outlines = geometry.sections[geometry.section[seat] ?? 0]?.outlines ?? []
      expect(isInside(outlines, geometry.x[seat] ?? 0, geometry.y[seat] ?? 0)).toBe(true)
    }
    expect(isInside(geometry.sections[0]?.outlines ?? [], geometry.focus.x, geometry.focus.y)).toBe(false)
  })

  test.runIf(hasPlans)('a floor drawn on top of another is laid out below it', () => {
    const geometry = roundTrip(chartOf(repaired(readPlan('pretix-plan-738'))))
    const onFloor = (section: number) => Array.from(geometry.y).filter((_, seat) => geometry.section[seat] === section)
    expect(Math.min(...onFloor(1))).toBeGreaterThan(Math.max(...onFloor(0)))
  })

  test('a forgotten shape far away does not make the room a speck', () => {
    const far = { kind: 'decoration', outline: { shape: 'rectangle', x: 900_000, y: 0, width: 5, height: 5 } }
    const seats = [1, 2, 3].map((n) => ({ id: `s${n}`, label: `${n}`, x: n * 20, y: 0, category: 'A' }))
    const sections = [{ name: 'S', rows: [{ label: 'A', seats }] }]
    const document = { format: 'tessera-chart/1', name: 'R', categories: [{ name: 'A' }], sections, shapes: [far] }
    expect(roundTrip(chartOf(document)).bounds.right).toBeLessThan(200)
  })

  test('standing areas alone make a document', () => {
    const area = {
      id: 'f',
      name: 'Floor',
      category: 'A',
      capacity: 9,
      outline: { shape: 'ellipse', x: 5, y: 5, rx: 5, ry: 5 },
    }
    const chart = chartOf({ format: 'tessera-chart/1', name: 'Club', categories: [{ name: 'A' }], areas: [area] })
    const geometry = roundTrip(chart)
    expect(geometry.count).toBe(0)
    expect(geometry.bounds).toEqual({ left: 0, top: 0, right: 10, bottom: 10 })
  })
})

/** Even-odd rule over flat x, y lists. */
function isInside(outlines: number[][], x: number, y: number): boolean {
  let inside = false
  for (const ring of outlines) {
    for (let n = 0; n < ring.length; n += 2) {
      const [ax, ay] = [ring[n] ?? 0, ring[n + 1] ?? 0]
      const [bx, by] = [ring[(n + 2) % ring.length] ?? 0, ring[(n + 3) % ring.length] ?? 0]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  }
  return inside
}
