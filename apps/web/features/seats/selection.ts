import { quote } from '@tessera/contracts/pricing/quote'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { Money, Tier } from '../../api/bodies.ts'

/** What someone has picked on the map, before any of it is held. Kernels only: data in, data out. */
export type Picked = { seat: number; tier_id: string }

type Categories = Pick<Geometry, 'categories' | 'category'>

export type PickOutcome =
  | { kind: 'picked'; picks: Picked[] }
  | { kind: 'dropped'; picks: Picked[] }
  | { kind: 'not-on-sale' }
  | { kind: 'limit'; tier: Tier }

/** Tiers that may be chosen for a seat, the dearest (the plain adult ticket, as a rule) first. */
export function tiersOfSeat(geometry: Categories, tiers: readonly Tier[], seat: number): Tier[] {
  const category = geometry.categories[geometry.category[seat] ?? 0]?.name
  return tiers
    .filter((tier) => category !== undefined && tier.categories?.includes(category))
    .toSorted((a, b) => b.price.amount - a.price.amount)
}

/**
 * Picks a free seat with its first tier, or puts one back. Beyond that tier's limit per order it is refused: another tariff
 * is another price, and the person's own choice.
 */
export function toggle(
  geometry: Categories,
  tiers: readonly Tier[],
  picks: readonly Picked[],
  seat: number,
): PickOutcome {
  if (picks.some((pick) => pick.seat === seat))
    return { kind: 'dropped', picks: picks.filter((pick) => pick.seat !== seat) }
  const offered = tiersOfSeat(geometry, tiers, seat)
  const [first] = offered
  if (!first) return { kind: 'not-on-sale' }
  if (countOf(picks, first.id) >= first.max_per_order) return { kind: 'limit', tier: first }
  return { kind: 'picked', picks: [...picks, { seat, tier_id: first.id }] }
}

/** Gives a picked seat another tariff, within that tariff's limit per order. */
export function retier(
  picks: readonly Picked[],
  tiers: readonly Tier[],
  seat: number,
  tier_id: string,
): Exclude<PickOutcome, { kind: 'dropped' }> {
  const tier = tiers.find((one) => one.id === tier_id)
  if (!tier) return { kind: 'not-on-sale' }
  const others = picks.filter((pick) => pick.seat !== seat)
  if (countOf(others, tier_id) >= tier.max_per_order) return { kind: 'limit', tier }
  return { kind: 'picked', picks: picks.map((pick) => (pick.seat === seat ? { seat, tier_id } : pick)) }
}

/** The first tier of which more is picked than one order may take. */
export function overLimit(picks: readonly Picked[], tiers: readonly Tier[]): Tier | undefined {
  return tiers.find((tier) => countOf(picks, tier.id) > tier.max_per_order)
}

/** The first tier of which fewer seats are picked than its smallest order takes, and how many are missing. */
export function belowMinimum(picks: readonly Picked[], tiers: readonly Tier[]): { tier: Tier; more: number } | null {
  for (const tier of tiers) {
    const count = countOf(picks, tier.id)
    if (count > 0 && count < tier.min_per_order) return { tier, more: tier.min_per_order - count }
  }
  return null
}

/** Splits picks into those still to be had and those that went to someone else. */
export function sift(picks: readonly Picked[], isFree: (seat: number) => boolean): { kept: Picked[]; lost: Picked[] } {
  const { kept = [], lost = [] } = Object.groupBy(picks, (pick) => (isFree(pick.seat) ? 'kept' : 'lost'))
  return { kept, lost }
}

/** What the picks and general-admission quantities cost, fees and tax included; null for nothing. */
export function totalOf(
  picks: readonly Picked[],
  quantities: ReadonlyMap<string, number>,
  tiers: readonly Tier[],
): Money | null {
  const wanted = new Map(quantities)
  for (const { tier_id } of picks) wanted.set(tier_id, (wanted.get(tier_id) ?? 0) + 1)
  const lines = tiers.flatMap(({ id, price }) => {
    const quantity = wanted.get(id) ?? 0
    return quantity > 0 ? [{ quantity, unit_price: price.amount }] : []
  })
  const currency = tiers[0]?.price.currency
  return currency === undefined || lines.length === 0 ? null : quote(currency, lines).total
}

function countOf(picks: readonly Picked[], tier_id: string): number {
  return picks.filter((pick) => pick.tier_id === tier_id).length
}
