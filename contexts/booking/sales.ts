import type { EventSales } from '@tessera/contracts/http/sales'
import { money } from '@tessera/contracts/money'
import { type Db, loadSql } from '#platform/db'
import { type Lines, lineItems } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import type { SaleStore } from './sale-store.ts'

export type SalesDeps = { db: Db; sales: SaleStore }

type PerformanceRow = {
  performance_no: number
  performance_id: string
  start_time: string
  currency: string
  status: string
  seat_count: number
}
type TierRow = {
  tier_id: string
  name: string
  performance_no: number
  price: number
  categories: string[] | null
  total_places: number | null
  sold: number
  held: number
  revenue: number
  blocked: number
}
type RecentRow = Lines & {
  booking_id: string
  performance_id: string
  performance_no: number
  total: number
  currency: string
  confirmed_at: string
}

const sql = loadSql(import.meta.url, ['performances', 'tier_sales', 'blocked_seats', 'recent'])
const RECENT_MAX = 20

/** What an event has sold so far, by performance and tier, straight from the bookings: exact at the moment of asking. */
export async function eventSales(deps: SalesDeps, event_id: string): Promise<EventSales> {
  const performances = await deps.db.many<PerformanceRow>(sql.performances, { event_id })
  const performance_nos = performances.map((row) => row.performance_no)
  const [tiers, blocked, recent] = await Promise.all([
    deps.db.many<TierRow>(sql.tier_sales, { performance_nos }),
    deps.db.many<{ performance_no: number; seats: number[] }>(sql.blocked_seats, { performance_nos }),
    deps.db.many<RecentRow>(sql.recent, { performance_nos, limit: RECENT_MAX }),
  ])
  const sales = new Map(
    await Promise.all(performance_nos.map(async (no) => [no, await deps.sales.loadByNo(no)] as const)),
  )
  const blockedSeats = new Map(blocked.map((row) => [row.performance_no, row.seats]))
  return {
    event_id,
    performances: performances.map((row) =>
      performanceSales(row, tiers, blockedSeats.get(row.performance_no) ?? [], sales.get(row.performance_no)),
    ),
    recent_bookings: recent.map((row) => recentBooking(row, sales.get(row.performance_no))),
  }
}

function performanceSales(
  row: PerformanceRow,
  all: readonly TierRow[],
  blocked: readonly number[],
  sale: OnSale | undefined,
): EventSales['performances'][number] {
  const tiers = all
    .filter((tier) => tier.performance_no === row.performance_no)
    .map((tier) => {
      const covered = sale?.tierById.get(tier.tier_id)?.categories ?? null
      const seats = sale?.chart?.chart.seats ?? []
      return {
        tier_id: tier.tier_id,
        name: tier.name,
        price: money(tier.price, row.currency),
        total: tier.total_places ?? (covered === null ? 0 : seats.filter((seat) => covered.has(seat.category)).length),
        sold: tier.sold,
        held: tier.held,
        blocked:
          tier.total_places === null
            ? blocked.filter((no) => covered?.has(seats[no]?.category ?? -1) === true).length
            : tier.blocked,
        revenue: money(tier.revenue, row.currency),
      }
    })
  const sum = (pick: (tier: (typeof tiers)[number]) => number): number =>
    tiers.reduce((total, tier) => total + pick(tier), 0)
  const places = sum((tier) =>
    all.find((one) => one.tier_id === tier.tier_id)?.total_places === null ? 0 : tier.total,
  )
  const blockedPlaces = sum((tier) =>
    all.find((one) => one.tier_id === tier.tier_id)?.total_places === null ? 0 : tier.blocked,
  )
  return {
    performance_id: row.performance_id,
    start_time: row.start_time,
    status: row.status,
    total: row.seat_count + places,
    sold: sum((tier) => tier.sold),
    held: sum((tier) => tier.held),
    blocked: blocked.length + blockedPlaces,
    revenue: money(
      sum((tier) => tier.revenue.amount),
      row.currency,
    ),
    tiers,
  }
}

function recentBooking(row: RecentRow, sale: OnSale | undefined): EventSales['recent_bookings'][number] {
  return {
    booking_id: row.booking_id,
    performance_id: row.performance_id,
    confirmed_at: row.confirmed_at,
    places: row.line_quantities.reduce((sum, quantity) => sum + quantity, 0),
    labels:
      sale === undefined
        ? []
        : lineItems(row, sale).map((line) => (line.quantity > 1 ? `${line.quantity} × ${line.label}` : line.label)),
    total: money(row.total, row.currency),
  }
}
