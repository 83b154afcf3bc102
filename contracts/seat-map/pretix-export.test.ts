import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Compile } from 'typebox/schema'
import { expect, test } from 'vitest'
import { readPlan, repaired } from './fixtures.ts'
import { normaliseChart } from './normalise.ts'
import { exportPretix } from './pretix-export.ts'
import { arbitraryChart } from './random-chart.fixture.ts'

const isPretixPlan = Compile(
  JSON.parse(readFileSync(new URL('fixtures/pretix-plan.clean.schema.json', import.meta.url), 'utf8')) as object,
)

test('what is exported keeps to pretix’s schema, and holds the same seats', () => {
  fc.assert(
    fc.property(arbitraryChart, (chart) => {
      fc.pre(chart.seats.length > 0)
      const plan: unknown = JSON.parse(JSON.stringify(exportPretix(chart)))
      expect(isPretixPlan.Errors(plan)[1]).toEqual([])
      const again = normaliseChart(plan)
      const told = (seats: typeof chart.seats) =>
        seats.map(({ id, label, number, x, y, category }) => ({
          id,
          number,
          x,
          y,
          category,
          label: label.replace(/table /, 'row '),
        }))
      expect(again.kind === 'chart' && told(again.chart.seats)).toEqual(told(chart.seats))
    }),
    { numRuns: 40 },
  )
})

test.each(['hall-ru-60', 'hall-ru-sector-555', 'pretix-plan-738'])('%s comes back whole', (name) => {
  const first = normaliseChart(repaired(readPlan(name)))
  if (first.kind !== 'chart') throw new Error('the fixture must be a chart')
  const again = normaliseChart(JSON.parse(JSON.stringify(exportPretix(first.chart))))
  expect(again.kind === 'chart' && again.chart.seats).toEqual(first.chart.seats)
})
