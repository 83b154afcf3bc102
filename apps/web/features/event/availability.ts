import { tierSale } from '@tessera/contracts/pricing/sale-state'
import type { Performance, Tier, TierAvailability } from '../../api/bodies.ts'
import { soonWhen } from '../../ui/when.ts'

/** Below this many places we name the number; below this share we say that they go fast. */
const FEW = 10
const SHARE_FAST = 0.25

type Counts = Pick<TierAvailability, 'total' | 'held' | 'available'>
type Terms = Pick<Tier, 'sale_start' | 'sale_end' | 'min_per_order'>

/** What a tier shows. `state` is `unknown` where it is on sale and nobody could say how many are left. */
export type AvailabilityText = {
  words: string
  state: 'open' | 'scarce' | 'unknown' | 'held' | 'gone' | 'opens' | 'ended'
}

/** Whether and how well a tier can be bought, in words, by its sale window, its smallest order and what is left. */
export function availabilityText(
  tier: Terms,
  counts: Counts | undefined,
  time_zone: string,
  now_ms: number,
): AvailabilityText {
  switch (tierSale(tier, counts, now_ms)) {
    case 'ended':
      return { words: 'Sale ended', state: 'ended' }
    case 'not_yet':
      return { words: `On sale from ${soonWhen(tier.sale_start, time_zone, now_ms)}`, state: 'opens' }
    case 'all_held':
      return { words: 'All on hold right now', state: 'held' }
    case 'sold_out':
      return { words: 'Sold out', state: 'gone' }
    case 'open':
      return counts ? leftText(counts) : { words: '', state: 'unknown' }
  }
}

function leftText({ total, available }: Counts): AvailabilityText {
  if (available <= FEW) return { words: available === 1 ? 'The last one' : `Last ${available}`, state: 'scarce' }
  if (available < total * SHARE_FAST) return { words: 'Going fast', state: 'scarce' }
  return { words: 'Plenty', state: 'open' }
}

/** Whether its price is one that can be paid now. */
export function isBuyable({ state }: AvailabilityText): boolean {
  return state === 'open' || state === 'scarce' || state === 'unknown'
}

/**
 * The quantities that one order may take of a tier, `min` to `max` (0 beside them); null when none. Without counts the
 * tier's own limits alone decide.
 */
export function quantitiesOf(
  tier: Terms & Pick<Tier, 'max_per_order'>,
  counts: Counts | undefined,
  now_ms: number,
): { min: number; max: number } | null {
  if (tierSale(tier, counts, now_ms) !== 'open') return null
  return { min: tier.min_per_order, max: Math.min(tier.max_per_order, counts?.available ?? tier.max_per_order) }
}

type Sale = Pick<Performance, 'status' | 'end_time' | 'chart_id' | 'time_zone'> & { tiers: (Terms & { id: string })[] }
type TierCounts = Counts & { tier_id: string }

/** The same for a whole performance. Tariffs over one seat category count the same seats, so the best state speaks. */
export function performanceAvailability(
  { tiers, time_zone }: Pick<Sale, 'tiers' | 'time_zone'>,
  counts: readonly TierCounts[],
  now_ms: number,
): AvailabilityText {
  const all = tiers.map((tier) =>
    availabilityText(
      tier,
      counts.find((one) => one.tier_id === tier.id),
      time_zone,
      now_ms,
    ),
  )
  const order = ['open', 'scarce', 'unknown', 'held', 'gone', 'opens', 'ended'] as const
  const best = order.flatMap((state) => all.filter((one) => one.state === state))[0]
  return best ?? { words: 'Sale ended', state: 'ended' }
}

export type NextStep =
  | { kind: 'choose'; label: 'Choose seats' | 'Get tickets' }
  | { kind: 'opens'; at: string }
  | { kind: 'held' }
  | { kind: 'sold-out' }
  | { kind: 'closed' }
  | { kind: 'cancelled' }
  | { kind: 'over' }

/** The one thing to do next with a performance. Order: cancelled, over, not yet on sale, closed, gone, held, choose. */
export function nextStep(performance: Sale, counts: readonly TierCounts[], now_ms: number): NextStep {
  if (performance.status === 'cancelled') return { kind: 'cancelled' }
  if (Date.parse(performance.end_time) <= now_ms) return { kind: 'over' }
  switch (performanceAvailability(performance, counts, now_ms).state) {
    case 'opens': {
      const ahead = performance.tiers.map((tier) => tier.sale_start).filter((start) => Date.parse(start) > now_ms)
      const first = ahead.sort((a, b) => Date.parse(a) - Date.parse(b))[0]
      return first === undefined ? { kind: 'closed' } : { kind: 'opens', at: first }
    }
    case 'ended':
      return { kind: 'closed' }
    case 'gone':
      return { kind: 'sold-out' }
    case 'held':
      return { kind: 'held' }
    default:
      return { kind: 'choose', label: performance.chart_id ? 'Choose seats' : 'Get tickets' }
  }
}
