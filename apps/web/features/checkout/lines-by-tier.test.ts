import { expect, test } from 'vitest'
import { linesByTier } from './lines-by-tier.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const line = (tier: string, quantity: number, amount: number) => ({
  seat_id: null,
  label: tier,
  tier: { id: tier, name: tier },
  quantity,
  price: eur(amount),
  fees: eur(0),
  tax: eur(0),
})

test('places of one tariff count each, whether they come in one line or in several', () => {
  const line_items = [line('table', 2, 2_200), line('adult', 1, 3_000), line('adult', 1, 3_000)]
  expect(linesByTier({ line_items, currency: 'EUR' })).toEqual([
    { tier_id: 'table', name: 'table', quantity: 2, amount: eur(4_400) },
    { tier_id: 'adult', name: 'adult', quantity: 2, amount: eur(6_000) },
  ])
})
