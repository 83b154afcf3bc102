import { fromPrice } from '@tessera/contracts/pricing/sale-state'
import type { Event, Money, Performance, TierAvailability } from '../../api/bodies.ts'

/** Counts by performance; a tier without counts counts as if enough of it were left. */
export type Counts = ReadonlyMap<string, readonly TierAvailability[]>

/** The lowest price at which these performances can be bought now; null for none. */
export function lowestPrice(performances: readonly Performance[], counts: Counts, now_ms: number): Money | null {
  const offers = performances
    .filter((performance) => performance.status === 'published' && Date.parse(performance.end_time) > now_ms)
    .flatMap(({ id, tiers }) =>
      tiers.map((tier) => {
        const left = counts.get(id)?.find((one) => one.tier_id === tier.id)
        const enough = tier.min_per_order
        return { ...tier, total: left?.total ?? enough, held: left?.held ?? 0, available: left?.available ?? enough }
      }),
    )
  return fromPrice(offers, now_ms)
}

/** The start of a sale that still lies ahead; null when it has begun or has no date. */
export function opensLater(sale_start: string | null, now_ms: number): string | null {
  return sale_start !== null && Date.parse(sale_start) > now_ms ? sale_start : null
}

/** Performances still ahead, soonest first. */
export function upcoming(event: Event, now_ms: number): Performance[] {
  return event.performances
    .filter((performance) => performance.status === 'published' && Date.parse(performance.end_time) > now_ms)
    .sort((a, b) => Date.parse(a.start_time) - Date.parse(b.start_time))
}
