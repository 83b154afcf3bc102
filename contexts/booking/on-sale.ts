import { type BestAvailableIndex, bestAvailableIndex } from '@tessera/contracts/seat-map/best-available'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { columnsOf } from '@tessera/contracts/seat-map/seat-columns'

/** A tier as holds use it; `tier_no` identifies it in arrays and quotas. */
export type SaleTier = {
  tier_no: number
  tier_id: string
  name: string
  price: number
  /** Chart categories, by number, of a seated tier; null for general admission. */
  categories: ReadonlySet<number> | null
  quantity: number | null
  sale_start_ms: number
  sale_end_ms: number
  min_per_order: number
  max_per_order: number
  max_per_person: number | null
}

/** A chart with its indexes: shared by every performance that uses it. */
export type SaleChart = {
  chart: Chart
  seatNoById: ReadonlyMap<string, number>
  /** Built at the first request for best available. */
  bestAvailable: () => BestAvailableIndex
}

/** Booking's copy of one performance on sale: everything a hold is checked against before the database decides. */
export type OnSale = {
  performance_no: number
  performance_id: string
  currency: string
  status: 'on_sale' | 'cancelled'
  /** Grows with each publication; identifies this copy. */
  revision: number
  end_time_ms: number
  seat_count: number
  chart: SaleChart | null
  /** In the organizer's order: the first that covers a category is its default. */
  tiers: readonly SaleTier[]
  tierById: ReadonlyMap<string, SaleTier>
  tierByNo: ReadonlyMap<number, SaleTier>
}

export function saleChart(chart: Chart): SaleChart {
  let index: BestAvailableIndex | undefined
  return {
    chart,
    seatNoById: new Map(chart.seats.map((seat, index) => [seat.id, index])),
    bestAvailable: () => {
      index ??= bestAvailableIndex(columnsOf(chart))
      return index
    },
  }
}

/** The tiers that cover a seat's category, the default first. */
export function tiersOfSeat(sale: OnSale, seat_no: number): SaleTier[] {
  const category = sale.chart?.chart.seats[seat_no]?.category
  if (category === undefined) return []
  return sale.tiers.filter((tier) => tier.categories?.has(category) === true)
}
