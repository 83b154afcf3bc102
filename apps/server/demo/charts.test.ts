import { adjacencyOf } from '@tessera/contracts/seat-map/adjacency'
import { bestAvailable, bestAvailableIndex } from '@tessera/contracts/seat-map/best-available'
import { TesseraChart } from '@tessera/contracts/seat-map/chart'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { columnsOf } from '@tessera/contracts/seat-map/seat-columns'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { arenaChart } from './arena-chart.ts'
import { theatreChart } from './theatre-chart.ts'

describe.each([
  { name: 'the theatre', make: theatreChart, seats: 1_100, sections: 11 },
  { name: 'the arena', make: arenaChart, seats: 18_000, sections: 62 },
])('$name', ({ make, seats, sections }) => {
  const document = make()
  const outcome = normaliseChart(document)
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome.errors.slice(0, 3)))
  const { chart } = outcome
  const columns = columnsOf(chart)

  test('is a chart of the promised size, the same each time', () => {
    expect(Value.Check(TesseraChart, document)).toBe(true)
    expect(chart.seats).toHaveLength(seats)
    expect(chart.sections).toHaveLength(sections)
    expect(make()).toEqual(document)
  })

  test('seats stand apart, inside the drawing', () => {
    const taken = new Map<string, { x: number; y: number }>()
    for (const { x, y } of chart.seats) {
      const [column, row] = [Math.floor(x / 15), Math.floor(y / 15)]
      for (const across of [-1, 0, 1]) {
        for (const down of [-1, 0, 1]) {
          const other = taken.get(`${column + across}:${row + down}`)
          if (other !== undefined) expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(15)
        }
      }
      taken.set(`${column}:${row}`, { x, y })
      expect(x > 0 && x < chart.width && y > 0 && y < chart.height).toBe(true)
    }
  })

  test('rows fall apart at aisles only', () => {
    const runs = adjacencyOf(columns).starts.length - 1
    expect(runs).toBeGreaterThanOrEqual(chart.rows.length)
    expect(runs).toBeLessThan(chart.rows.length * 4)
  })

  test('the best four are near the stage, in the middle', () => {
    const answer = bestAvailable(bestAvailableIndex(columns), { taken: () => false, quantity: 4 })
    const chosen = answer.kind === 'seats' ? answer.seats.map((seat) => chart.seats[seat]) : []
    expect(chosen).toHaveLength(4)
    for (const seat of chosen)
      expect(Math.abs((seat?.x ?? 0) - columns.focus.x)).toBeLessThan(seats === 1_100 ? 60 : 300)
  })
})
