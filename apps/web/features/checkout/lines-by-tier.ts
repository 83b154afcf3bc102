import type { Booking, Money } from '../../api/bodies.ts'

export type TierLine = { tier_id: string; name: string; quantity: number; amount: Money }

/** Lines of one tariff as one: how many, and what they come to. A line's `price` is that of a single place. */
export function linesByTier({ line_items, currency }: Pick<Booking, 'line_items' | 'currency'>): TierLine[] {
  const lines = new Map<string, TierLine>()
  for (const { tier, quantity, price } of line_items) {
    const known = lines.get(tier.id)
    const amount = (known?.amount.amount ?? 0) + price.amount * quantity
    lines.set(tier.id, {
      tier_id: tier.id,
      name: tier.name,
      quantity: (known?.quantity ?? 0) + quantity,
      amount: { amount, currency },
    })
  }
  return [...lines.values()]
}
