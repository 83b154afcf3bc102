/** What can be bought where: tiers laid over the chart's categories. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'

/** A tier as the map needs it. `color`: any CSS colour; absent = the category's own. */
export type MapTier = {
  tier_id: string
  name: string
  price: { amount: number; currency: string }
  categories: readonly string[]
  color?: string
}

/** What a category sells; `tiers` is empty where nothing is on sale. Cheapest first. */
export type CategoryOffer = { tiers: readonly MapTier[]; color: string; is_filtered_out: boolean }

/** By category number. `wanted`: the tiers to show, the others are dimmed; absent or empty = all. */
export function offersOf(
  geometry: Pick<Geometry, 'categories'>,
  tiers: readonly MapTier[],
  wanted?: readonly string[],
): CategoryOffer[] {
  const isFiltered = wanted !== undefined && wanted.length > 0
  return geometry.categories.map(({ name, color }) => {
    const offered = tiers
      .filter((tier) => tier.categories.includes(name))
      .toSorted((a, b) => a.price.amount - b.price.amount)
    return {
      tiers: offered,
      color: offered.find((tier) => tier.color !== undefined)?.color ?? color,
      is_filtered_out: isFiltered && !offered.some((tier) => wanted.includes(tier.tier_id)),
    }
  })
}

/** On sale, and not hidden by the price filter. */
export function isOffered(offer: CategoryOffer): boolean {
  return offer.tiers.length > 0 && !offer.is_filtered_out
}
