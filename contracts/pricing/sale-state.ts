import type { Money } from '../money.ts'

/** A tier with what is left of it. Times are RFC 3339. */
export type TierOffer = {
  price: Money
  sale_start: string
  sale_end: string
  total: number
  held: number
  available: number
}

export type SaleState = 'available' | 'few' | 'all_held' | 'sold_out' | 'not_yet' | 'ended'

/** At most this many left, and at most this share of the total: few. */
const FEW_MAX = 50
const FEW_SHARE_MAX = 0.1

/**
 * How the sale of these tiers stands, by what can be bought at `now_ms`. What is only on hold may come back, so it is never
 * called sold out. Tariffs over one seat category count the same seats: the tier with most left speaks for all.
 */
export function saleState(tiers: readonly TierOffer[], now_ms: number): SaleState {
  const open = tiers.filter((tier) => isOpen(tier, now_ms))
  if (open.length === 0) return tiers.some((tier) => opensLater(tier, now_ms)) ? 'not_yet' : 'ended'
  const most = open.reduce((best, tier) => (tier.available > best.available ? tier : best))
  if (most.available > FEW_MAX || most.available > most.total * FEW_SHARE_MAX) return 'available'
  if (most.available > 0) return 'few'
  return open.some((tier) => tier.held > 0) ? 'all_held' : 'sold_out'
}

/**
 * The lowest price that anyone can pay now: of a tier whose sale is open and that has something left. Before any sale has
 * opened, the lowest of those to come; null when nothing can be bought.
 */
export function fromPrice(tiers: readonly TierOffer[], now_ms: number): Money | null {
  const open = tiers.filter((tier) => isOpen(tier, now_ms))
  const offered =
    open.length > 0 ? open.filter((tier) => tier.available > 0) : tiers.filter((tier) => opensLater(tier, now_ms))
  return offered.reduce<Money | null>(
    (least, { price }) => (least === null || price.amount < least.amount ? price : least),
    null,
  )
}

function isOpen(tier: TierOffer, now_ms: number): boolean {
  return Date.parse(tier.sale_start) <= now_ms && now_ms < Date.parse(tier.sale_end)
}

function opensLater(tier: TierOffer, now_ms: number): boolean {
  return Date.parse(tier.sale_start) > now_ms
}
