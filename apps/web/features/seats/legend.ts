import type { Tier } from '../../api/bodies.ts'
import { priceOrFree } from '../../ui/money.ts'
import { categoryColours } from '../event/category-colours.ts'

export type LegendEntry = {
  key: string
  colour: string
  amount: number
  price: string
  names: string
  tier_ids: string[]
}

/** One entry a seat category: its colour on the map and its dearest price. Tariffs of one category stand together. */
export function legendOf(tiers: readonly Tier[]): LegendEntry[] {
  const colours = categoryColours(tiers)
  const groups = Map.groupBy(
    tiers.filter((tier) => tier.categories !== null),
    (tier) => [...(tier.categories ?? [])].sort().join('|'),
  )
  return [...groups]
    .map(([key, group]) => ({ key, group: group.toSorted((a, b) => b.price.amount - a.price.amount) }))
    .toSorted((a, b) => (b.group[0]?.price.amount ?? 0) - (a.group[0]?.price.amount ?? 0))
    .flatMap(({ key, group }) => {
      const [dearest] = group
      if (!dearest) return []
      const names = group.map((tier) => tier.name).join(', ')
      return [
        {
          key,
          colour: colours.get(dearest.id) ?? '',
          amount: dearest.price.amount,
          price: priceOrFree(dearest.price),
          names,
          tier_ids: group.map((tier) => tier.id),
        },
      ]
    })
}
