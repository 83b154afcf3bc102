import { describe, expect, test } from 'vitest'
import type { Chart } from './chart.ts'
import { findFocus } from './focus.ts'
import { normaliseChart } from './normalise.ts'
import { hasPlans, readPlan, repaired } from './plans.fixture.ts'

function chartOf(body: unknown): Chart {
  const outcome = normaliseChart(body)
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome.errors[0]))
  return outcome.chart
}

/** Rows of three seats, named and placed as told. */
function room(rows: [label: string, x: number, y: number][], more: object = {}): Chart {
  return chartOf({
    format: 'tessera-chart/1',
    name: 'Room',
    categories: [{ name: 'A' }],
    sections: [
      {
        name: 'S',
        rows: rows.map(([label, x, y], r) => ({
          label,
          seats: [0, 1, 2].map((n) => ({ id: `${r}-${n}`, label: `${n}`, x: x + n * 20, y, category: 'A' })),
        })),
      },
    ],
    ...more,
  })
}

const upright: [string, number, number][] = [
  ['A', 0, 100],
  ['B', 0, 120],
  ['C', 0, 140],
]
const box = (x: number, y: number) => ({ shape: 'rectangle', x, y, width: 20, height: 20 })

describe('everybody looks at', () => {
  test('the stage, if the chart has one', () => {
    const shapes = [
      { kind: 'decoration', outline: box(0, 0) },
      { kind: 'stage', outline: box(10, 500) },
    ]
    expect(findFocus(room(upright, { shapes }))).toEqual({ x: 20, y: 510 })
  })

  test.each(['Stage', 'Main stage', 'BÜHNE', 'Сцена', '舞台'])('what is called %s', (text) => {
    expect(findFocus(room(upright, { texts: [{ text, x: 7, y: 9 }] }))).toEqual({ x: 7, y: 9 })
  })

  test.each(['Backstage café', 'Ring 2', 'Palco 12'])('not what is called %s', (text) => {
    expect(findFocus(room(upright, { texts: [{ text, x: 7, y: 9 }] }))).toEqual({ x: 20, y: 100 })
  })

  test.runIf(hasPlans)('the free field in the midst of the seats', () => {
    const { x, y } = findFocus(chartOf(repaired(readPlan('pretix-plan-738'))))
    expect([Math.round(x), Math.round(y)]).toEqual([1035, 836])
  })

  test.runIf(hasPlans)('the side from which rows are counted', () => {
    expect(findFocus(room(upright))).toEqual({ x: 20, y: 100 })
    expect(
      findFocus(
        room([
          ['3', 0, 100],
          ['2', 0, 120],
          ['1', 0, 140],
        ]),
      ),
    ).toEqual({ x: 20, y: 140 })
    expect(
      findFocus(
        room([
          ['A', 300, 0],
          ['B', 200, 0],
          ['C', 100, 0],
        ]),
      ).x,
    ).toBe(340)
    expect(findFocus(chartOf(readPlan('hall-ru-sector-555'))).y).toBeGreaterThan(600)
    expect(findFocus(chartOf(readPlan('hall-ru-60'))).y).toBe(8)
  })

  test('the top, where nothing tells', () => {
    expect(findFocus(room([['?', 0, 50]]))).toEqual({ x: 20, y: 50 })
  })
})
