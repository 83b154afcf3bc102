import type { Money } from '../money.ts'

/** When a tier is on sale (RFC 3339), and how many of it the smallest order takes. */
export type TierTerms = { sale_start: string; sale_end: string; min_per_order: number }

/** A tier with what is left of it. */
export type TierOffer = TierTerms & { price: Money; total: number; held: number; available: number }

/** `total`: how many there are at all; `held`: on hold in this tier. */
export type TierLeft = Pick<TierOffer, 'total' | 'held' | 'available'>

export type TierSale = 'open' | 'all_held' | 'sold_out' | 'not_yet' | 'ended'

export type SaleState = 'available' | 'few' | 'all_held' | 'sold_out' | 'not_yet' | 'ended'

/** At most this many left, and at most this share of the total: few. */
const FEW_MAX = 50
const FEW_SHARE_MAX = 0.1

/**
 * How the sale of one tier stands at `now_ms`. Fewer left than its smallest order cannot be bought; what is only on hold may
 * come back, so it is never called sold out. Without `left` the sale window alone decides.
 */
export function tierSale(
  { sale_start, sale_end, min_per_order }: TierTerms,
  left: TierLeft | undefined,
  now_ms: number,
): TierSale {
  if (now_ms >= Date.parse(sale_end)) return 'ended'
  if (now_ms < Date.parse(sale_start)) return 'not_yet'
  if (left === undefined || left.available >= min_per_order) return 'open'
  return left.held > 0 && left.available + left.held >= min_per_order ? 'all_held' : 'sold_out'
}

/**
 * How the sale of these tiers stands, by what can be bought at `now_ms`. Tariffs over one seat category count the same
 * seats: the tier with most left speaks for all.
 */
export function saleState(tiers: readonly TierOffer[], now_ms: number): SaleState {
  const by_sale = Map.groupBy(tiers, (tier) => tierSale(tier, tier, now_ms))
  const open = by_sale.get('open')
  if (open) {
    const most = open.reduce((best, tier) => (tier.available > best.available ? tier : best))
    return most.available > FEW_MAX || most.available > most.total * FEW_SHARE_MAX ? 'available' : 'few'
  }
  return (['all_held', 'sold_out', 'not_yet'] as const).find((state) => by_sale.has(state)) ?? 'ended'
}

/** The lowest price that anyone can pay at `now_ms`; null when nothing can be bought. */
export function fromPrice(tiers: readonly TierOffer[], now_ms: number): Money | null {
  return tiers
    .filter((tier) => tierSale(tier, tier, now_ms) === 'open')
    .reduce<Money | null>((least, { price }) => (least === null || price.amount < least.amount ? price : least), null)
}
