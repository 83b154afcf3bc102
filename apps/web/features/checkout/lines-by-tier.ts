import { quote } from '@tessera/contracts/pricing/quote'
import type { Booking, Money } from '../../api/bodies.ts'

export type TierLine = { tier_id: string; name: string; quantity: number; amount: Money }

/** The lines of each tariff as one: how many, and what they cost. A line's `price` is that of one ticket. */
export function linesByTier({ line_items, currency }: Pick<Booking, 'line_items' | 'currency'>): TierLine[] {
  const priced = quote(
    currency,
    line_items.map(({ tier, quantity, price }) => ({ tier, quantity, unit_price: price.amount })),
  )
  const by_tier = Map.groupBy(priced.lines, ({ tier }) => tier.id)
  return [...by_tier].map(([tier_id, lines]) => ({
    tier_id,
    name: lines[0]?.tier.name ?? '',
    quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
    amount: { amount: lines.reduce((sum, line) => sum + line.amount, 0), currency },
  }))
}
