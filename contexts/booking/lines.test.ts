import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { expect, test } from 'vitest'
import { heldBody, quoteOf } from './lines.ts'
import { type OnSale, type SaleTier, saleChart } from './on-sale.ts'

const LINES = { line_seats: [4, -1], line_tiers: [1, 2], line_quantities: [1, 3], line_prices: [2_500, 1_000] }

test('the quote is the sum of the lines', () => {
  expect(quoteOf(LINES, 'EUR').total.amount).toBe(5_500)
})

test.each([
  ['a price', { line_prices: [2_500] }],
  ['a quantity', { line_quantities: [1] }],
  ['a tier', { line_tiers: [1] }],
  ['a seat', { line_seats: [4] }],
])('lines that lack %s throw instead of costing nothing', (_what, missing) => {
  expect(() => quoteOf({ ...LINES, ...missing }, 'EUR')).toThrow('Lines of different lengths')
})

test('a line says that its seat has a restricted view, where the chart says so', () => {
  const outcome = normaliseChart({
    format: 'tessera-chart/1',
    name: 'Hall',
    categories: [{ name: 'Stalls' }],
    sections: [
      {
        name: 'Stalls',
        rows: [
          {
            label: 'A',
            seats: [
              { id: 'A-1', label: '1', x: 0, y: 0, category: 'Stalls' },
              { id: 'A-2', label: '2', x: 20, y: 0, category: 'Stalls', obstructed: true },
            ],
          },
        ],
      },
    ],
  })
  if (outcome.kind !== 'chart') throw new Error('the hall must be a chart')
  const adult: SaleTier = {
    tier_no: 1,
    tier_id: 'tier_a',
    name: 'Adult',
    price: 2_500,
    categories: new Set([0]),
    quantity: null,
    sale_start_ms: 0,
    sale_end_ms: Number.MAX_SAFE_INTEGER,
    min_per_order: 1,
    max_per_order: 10,
    max_per_person: null,
  }
  const sale: OnSale = {
    performance_no: 1,
    performance_id: 'perf_a',
    currency: 'EUR',
    status: 'on_sale',
    revision: 1,
    end_time_ms: Number.MAX_SAFE_INTEGER,
    seat_count: 2,
    chart: saleChart(outcome.chart),
    tiers: [adult],
    tierById: new Map([['tier_a', adult]]),
    tierByNo: new Map([[1, adult]]),
  }
  const lines = { line_seats: [0, 1], line_tiers: [1, 1], line_quantities: [1, 1], line_prices: [2_500, 2_500] }
  const body = heldBody({ booking_id: 'bk_a', status: 'held', expires_at: '2026-11-28T18:00:00.000Z', ...lines }, sale)
  expect(body.line_items.map((line) => [line.seat_id, line.restricted_view])).toEqual([
    ['A-1', undefined],
    ['A-2', true],
  ])
})
