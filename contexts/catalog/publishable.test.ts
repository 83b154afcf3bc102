import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { expect, test } from 'vitest'
import { type CandidatePerformance, type CandidateTier, judge } from './publishable.ts'

const NOW = '2026-11-20T12:00:00.000Z'

function tier(change: Partial<CandidateTier> = {}): CandidateTier {
  return {
    name: 'Stalls',
    amount: 2_400,
    currency: 'EUR',
    categories: ['Stalls'],
    quantity: null,
    sale_start: '2026-11-01T00:00:00.000Z',
    sale_end: '2026-12-01T18:00:00.000Z',
    min_per_order: 1,
    max_per_order: 10,
    max_per_person: null,
    published: false,
    ...change,
  }
}

function night(change: Partial<CandidatePerformance> = {}): CandidatePerformance {
  return {
    id: 'perf_1',
    status: 'draft',
    start_time: '2026-12-01T19:00:00.000Z',
    end_time: '2026-12-01T22:00:00.000Z',
    chart_categories: [{ name: 'Stalls', color: '#000000', seat_count: 40 }],
    tiers: [tier()],
    ...change,
  }
}

const judged = (...performances: CandidatePerformance[]) => {
  const { errors, warnings, fresh } = judge({ currency: 'EUR', performances }, CHARGE_LIMITS, NOW)
  return { errors: errors.map((error) => error.pointer), warnings: warnings.map((warning) => warning.detail), fresh }
}

test('a valid performance is new and has no errors', () => {
  expect(judged(night())).toEqual({ errors: [], warnings: [], fresh: ['perf_1'] })
})

test('no performances, or only cancelled ones', () => {
  expect(judged().errors).toEqual(['/performances'])
  expect(judged(night({ status: 'cancelled' })).errors).toEqual(['/performances'])
})

test('a performance on sale without changes is neither new nor validated again', () => {
  const running = night({
    status: 'published',
    start_time: '2026-11-20T11:00:00.000Z',
    tiers: [tier({ published: true, sale_end: NOW })],
  })
  expect(judged(running)).toEqual({ errors: [], warnings: [], fresh: [] })
  expect(judged(running, night({ id: 'perf_2' })).fresh).toEqual(['perf_2'])
})

test('a tier may be added to a festival that has begun, not to one that has ended', () => {
  const begun = { status: 'published', start_time: '2026-11-19T11:00:00.000Z' } as const
  const joining = [tier({ published: true }), tier({ name: 'Door' })]
  expect(judged(night({ ...begun, tiers: joining }))).toMatchObject({ errors: [], fresh: ['perf_1'] })
  expect(judged(night({ ...begun, end_time: NOW, tiers: joining })).errors).toContain('/performances/0/start_time')
})

test('an early-bird tier that has ended does not stop a new tier', () => {
  const tiers = [tier({ published: true, sale_end: '2026-11-10T00:00:00.000Z' }), tier({ name: 'Regular' })]
  expect(judged(night({ status: 'published', tiers })).errors).toEqual([])
})

test('each error of a tier has its pointer', () => {
  const tiers = [
    tier({ currency: 'USD' }),
    tier({ sale_end: NOW }),
    tier({ sale_start: '2026-12-01T22:00:00.000Z', sale_end: '2026-12-02T22:00:00.000Z' }),
  ]
  expect(judged(night({ tiers })).errors).toEqual([
    '/performances/0/tiers/0/price/currency',
    '/performances/0/tiers/1/sale_end',
    '/performances/0/tiers/2/sale_start',
  ])
})

test('tiers need seats or a quantity; seats without a tier give a warning', () => {
  const chart_categories = [
    { name: 'Stalls', color: '#000000', seat_count: 0 },
    { name: 'Balcony', color: '#000000', seat_count: 12 },
  ]
  expect(judged(night({ chart_categories }))).toMatchObject({
    errors: ['/performances/0/tiers'],
    warnings: ['No tier sells the seats of Balcony (12)'],
  })
  const standing = tier({ categories: null, quantity: 50 })
  expect(judged(night({ chart_categories, tiers: [standing] })).errors).toEqual([])
  expect(judged(night({ chart_categories: null, tiers: [standing] }))).toMatchObject({ errors: [], warnings: [] })
})

test.each([
  ['the seats of its categories', { min_per_order: 41, max_per_order: 50 }],
  ['its quantity', { categories: null, quantity: 5, min_per_order: 6 }],
  ['one order', { min_per_order: 11 }],
  ['one person', { min_per_order: 4, max_per_person: 3 }],
])('a minimum above %s can never be met', (_what, change) => {
  expect(judged(night({ tiers: [tier(change)] })).errors).toEqual(['/performances/0/tiers/0/min_per_order'])
})

test('a minimum that equals the limit is valid', () => {
  expect(judged(night({ tiers: [tier({ min_per_order: 40, max_per_order: 40, max_per_person: 40 })] })).errors).toEqual(
    [],
  )
})

test.each([
  ['EUR', 49],
  ['EUR', 100_000_000],
  ['KWD', 1_234],
])('a price that cannot be charged is refused: %s %i', (currency, amount) => {
  const performances = [night({ tiers: [tier({ currency, amount })] })]
  const { errors } = judge({ currency, performances }, CHARGE_LIMITS, NOW)
  expect(errors.map((error) => error.pointer)).toEqual(['/performances/0/tiers/0/price/amount'])
})

test('free tiers, and prices that the smallest order can be charged, are valid', () => {
  const tiers = [tier({ amount: 0 }), tier({ amount: 25, min_per_order: 2 })]
  expect(judged(night({ tiers })).errors).toEqual([])
})
