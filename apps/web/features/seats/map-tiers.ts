import type { Tier } from '../../api/bodies.ts'
import type { MapTier } from '../seat-map/offers.ts'

/** The tiers that have seats on the map, each in its colour. */
export function mapTiers(tiers: readonly Tier[], colours: ReadonlyMap<string, string>): MapTier[] {
  return tiers.flatMap(({ id, name, price, categories }) =>
    categories ? [{ tier_id: id, name, price, categories, color: colours.get(id) ?? '' }] : [],
  )
}
