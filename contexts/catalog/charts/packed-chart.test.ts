import { arbitraryChart } from '@tessera/contracts/seat-map/random-chart.fixture'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packChart, unpackChart } from './packed-chart.ts'

test('any chart survives packing, through JSON, to the last seat', () => {
  fc.assert(
    fc.property(arbitraryChart, (chart) => {
      expect(unpackChart(JSON.parse(JSON.stringify(packChart(chart))))).toEqual(chart)
    }),
  )
})
