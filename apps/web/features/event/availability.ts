import type { Performance, Tier, TierAvailability } from '../../api/bodies.ts'

/** Below this many places we name the number; below this share we say that they go fast. */
const FEW = 10
const SHARE_FAST = 0.25

type Counts = Pick<TierAvailability, 'total' | 'sold' | 'held' | 'available'>

export type AvailabilityText = { words: string; state: 'open' | 'scarce' | 'held' | 'gone' }

/** Availability in words. What is only held is never called sold out: it may come back any minute. */
export function availabilityText({ total, held, available }: Counts): AvailabilityText {
  if (available <= 0 && held > 0) return { words: 'All on hold right now', state: 'held' }
  if (available <= 0) return { words: 'Sold out', state: 'gone' }
  if (available <= FEW) return { words: available === 1 ? 'The last one' : `Last ${available}`, state: 'scarce' }
  if (available < total * SHARE_FAST) return { words: 'Going fast', state: 'scarce' }
  return { words: 'Plenty', state: 'open' }
}

/** The same for a whole performance. Tariffs over one seat category count the same seats, so the best state speaks. */
export function performanceAvailability(tiers: readonly Counts[]): AvailabilityText {
  const order = ['open', 'scarce', 'held', 'gone'] as const
  const all = tiers.map(availabilityText)
  for (const state of order) {
    const found = all.find((one) => one.state === state)
    if (found) return found
  }
  return { words: '', state: 'open' }
}

export type NextStep =
  | { kind: 'choose'; label: 'Choose seats' | 'Get tickets' }
  | { kind: 'opens'; at: string }
  | { kind: 'held' }
  | { kind: 'sold-out' }
  | { kind: 'closed' }
  | { kind: 'cancelled' }
  | { kind: 'over' }

type Sale = Pick<Performance, 'status' | 'end_time' | 'chart_id'> & {
  tiers: Pick<Tier, 'id' | 'sale_start' | 'sale_end'>[]
}

/** The one thing to do next with a performance. Order: cancelled, over, not yet on sale, closed, gone, held, choose. */
export function nextStep(
  performance: Sale,
  tiers: readonly (Counts & { tier_id: string })[],
  now_ms: number,
): NextStep {
  if (performance.status === 'cancelled') return { kind: 'cancelled' }
  if (Date.parse(performance.end_time) <= now_ms) return { kind: 'over' }
  const on_sale = performance.tiers.filter(
    (tier) => Date.parse(tier.sale_start) <= now_ms && Date.parse(tier.sale_end) > now_ms,
  )
  if (on_sale.length === 0) {
    const ahead = performance.tiers.map((tier) => tier.sale_start).filter((start) => Date.parse(start) > now_ms)
    ahead.sort((a, b) => Date.parse(a) - Date.parse(b))
    return ahead[0] ? { kind: 'opens', at: ahead[0] } : { kind: 'closed' }
  }
  const sellable = tiers.filter((tier) => on_sale.some((open) => open.id === tier.tier_id))
  const { state } = performanceAvailability(sellable)
  if (sellable.length > 0 && state === 'gone') return { kind: 'sold-out' }
  if (sellable.length > 0 && state === 'held') return { kind: 'held' }
  return { kind: 'choose', label: performance.chart_id ? 'Choose seats' : 'Get tickets' }
}
