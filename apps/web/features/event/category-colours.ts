import type { Tier } from '../../api/bodies.ts'

const COLOURS = 5

/**
 * The colour of each tier: by seat category in order of price, the dearest first, so that tariffs of one category share
 * one. Tiers without categories (general admission) count each for itself. After five the colours begin again; shape and
 * words tell the rest.
 */
export function categoryColours(tiers: readonly Tier[]): Map<string, string> {
  const groups = new Map<string, { price: number; ids: string[] }>()
  for (const tier of tiers) {
    const key = tier.categories ? [...tier.categories].sort().join('|') : tier.id
    const group = groups.get(key) ?? { price: 0, ids: [] }
    groups.set(key, { price: Math.max(group.price, tier.price.amount), ids: [...group.ids, tier.id] })
  }
  const byPrice = [...groups.values()].sort((a, b) => b.price - a.price)
  return new Map(
    byPrice.flatMap(({ ids }, index) => ids.map((id) => [id, `var(--cat-${(index % COLOURS) + 1})`] as const)),
  )
}
