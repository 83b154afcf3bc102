import type { Tier } from '../../api/bodies.ts'

/** A tier of seats in these categories, or of places when there are none. */
export const tier = (id: string, amount: number, categories: string[] | null, max_per_order = 8): Tier => ({
  id,
  performance_id: 'perf_a',
  name: id,
  price: { amount, currency: 'EUR' },
  categories,
  quantity: categories ? null : 100,
  sale_start: '2026-01-01T00:00:00.000Z',
  sale_end: '2027-01-01T00:00:00.000Z',
  min_per_order: 1,
  max_per_order,
  max_per_person: null,
  published: true,
})
