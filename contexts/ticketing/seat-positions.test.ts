import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { openSeatPositions } from './seat-positions.ts'

const outcome = normaliseChart({
  format: 'tessera-chart/1',
  name: 'Hall',
  categories: [{ name: 'Stalls' }],
  sections: [
    {
      name: 'Stalls',
      rows: [
        {
          label: 'F',
          seats: [
            { id: 'F-1', label: '1', x: 0, y: 0, category: 'Stalls' },
            { id: 'F-2', label: '2', x: 20, y: 0, category: 'Stalls', obstructed: true },
          ],
        },
      ],
    },
  ],
})
if (outcome.kind !== 'chart') throw new Error('the hall must be a chart')
const { chart } = outcome

test('a seat has its position in the chart, and a restricted view where the chart says so', async () => {
  const { log } = createTelemetry({ level: 'silent', service: 'test' })
  const positions = openSeatPositions({ chart: async () => chart }, log)
  expect(await positions.positionOf('cht_a', 0)).toEqual({ section: 'Stalls', row: 'F', number: '1' })
  expect(await positions.positionOf('cht_a', 1)).toEqual({
    section: 'Stalls',
    row: 'F',
    number: '2',
    restricted_view: true,
  })
  expect(await positions.positionOf(null, 1)).toBeNull()
})
