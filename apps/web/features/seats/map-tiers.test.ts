import { expect, test } from 'vitest'
import { mapTiers } from './map-tiers.ts'

const tier = (id: string, categories: string[] | null) => ({
  id,
  performance_id: 'perf_a',
  name: id,
  price: { amount: 2_000, currency: 'EUR' },
  categories,
  quantity: categories ? null : 100,
  sale_start: '2026-01-01T00:00:00.000Z',
  sale_end: '2027-01-01T00:00:00.000Z',
  min_per_order: 1,
  max_per_order: 8,
  max_per_person: null,
  published: true,
})

test('the map shows tiers that have seats, in their colours', () => {
  const shown = mapTiers([tier('adult', ['Stalls']), tier('standing', null)], new Map([['adult', 'var(--cat-1)']]))
  expect(shown).toEqual([
    {
      tier_id: 'adult',
      name: 'adult',
      price: { amount: 2_000, currency: 'EUR' },
      categories: ['Stalls'],
      color: 'var(--cat-1)',
    },
  ])
})
