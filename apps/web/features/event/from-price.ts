import type { Event, Money, Performance } from '../../api/bodies.ts'

/** The lowest price of what can be bought now or later; null when nothing has a price yet. */
export function fromPrice(performances: readonly Performance[], now_ms: number): Money | null {
  const prices = performances
    .filter((performance) => performance.status === 'published')
    .flatMap((performance) => performance.tiers)
    .filter((tier) => Date.parse(tier.sale_end) > now_ms)
    .map((tier) => tier.price)
  return prices.reduce<Money | null>(
    (least, price) => (least === null || price.amount < least.amount ? price : least),
    null,
  )
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
