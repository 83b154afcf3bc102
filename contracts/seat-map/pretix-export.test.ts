import fc from 'fast-check'
import { Compile } from 'typebox/schema'
import { expect, test } from 'vitest'
import { normaliseChart } from './normalise.ts'
import { hasPlans, planNames, readPlan, readPretixSchema, repaired } from './plans.fixture.ts'
import { exportPretix } from './pretix-export.ts'
import { arbitraryChart } from './random-chart.fixture.ts'

test.runIf(hasPlans)('what is exported keeps to pretix’s schema, and holds the same seats', () => {
  const isPretixPlan = Compile(readPretixSchema())
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

test.each(hasPlans ? planNames : [])('%s comes back whole', (name) => {
  const first = normaliseChart(repaired(readPlan(name)))
  if (first.kind !== 'chart') throw new Error('the fixture must be a chart')
  const again = normaliseChart(JSON.parse(JSON.stringify(exportPretix(first.chart))))
  expect(again.kind === 'chart' && again.chart.seats).toEqual(first.chart.seats)
})
