import type { OnSale } from './on-sale.ts'

type SeatUnavailable = { kind: 'seat-unavailable'; unavailable: string[]; detail: string }

const NAMED_MAX = 10

/** Unavailable seats. Never reveals the holder or time. */
export function seatsTaken(sale: OnSale, seats: readonly number[]): SeatUnavailable {
  return {
    kind: 'seat-unavailable',
    unavailable: seats.map((seat) => sale.chart?.chart.seats[seat]?.id ?? String(seat)),
    detail: `Not available: ${listed(seats.map((seat) => seatName(sale, seat)))}.`,
  }
}

/** General-admission tiers whose remaining quantity does not suffice, by `tier_no`. */
export function quantityTaken(sale: OnSale, tier_nos: readonly number[]): SeatUnavailable {
  const tiers = tier_nos.map((tier_no) => sale.tierByNo.get(tier_no))
  return {
    kind: 'seat-unavailable',
    unavailable: tiers.map((tier, i) => tier?.tier_id ?? String(tier_nos[i])),
    detail: `There is not enough left of ${listed(tiers.map((tier) => tier?.name ?? 'this tier'))}.`,
  }
}

/** The limit per person of a tier would be exceeded by this order together with earlier ones. */
export function limited(sale: OnSale, tier_no: number): { kind: 'limit-exceeded'; detail: string } {
  const tier = sale.tierByNo.get(tier_no)
  return {
    kind: 'limit-exceeded',
    detail: `One person may have ${tier?.max_per_person} of ${tier?.name}; with what you have or hold already, this order goes beyond that.`,
  }
}

/** The label that people use: "Stalls, row F, seat 12". */
export function seatName(sale: OnSale, seat_no: number): string {
  return sale.chart?.chart.seats[seat_no]?.label ?? `seat ${seat_no}`
}

/** The first few, and the number of further ones. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX
  return `${names.slice(0, NAMED_MAX).join('; ')}${more > 0 ? ` and ${more} more` : ''}`
}
