import type { EventSales } from '@tessera/contracts/http/sales'
import { money } from '@tessera/contracts/money'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { type Db, loadSql } from '#platform/db'
import { type Lines, lineItems } from './lines.ts'
import type { OnSale } from './on-sale.ts'
import type { OnSaleStore } from './on-sale-store.ts'

export type SalesDeps = { db: Db; on_sale: OnSaleStore }

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
  total_places: number | null
  sold: number
  held: number
  revenue: number
  blocked: number
}
type CancellationRow = {
  performance_no: number
  bookings: number
  bookings_cancelled: number
  holds_released: number
  refunds_requested: number
  refund_total: number
  requested_at: string
  finished_at: string | null
}
type RecentRow = Lines & {
  booking_id: string
  performance_id: string
  performance_no: number
  total: number
  currency: string
  confirmed_at: string
}

const sql = loadSql(import.meta.url, ['performances', 'tier_sales', 'blocked_seats', 'cancellations', 'recent'])
const RECENT_MAX = 20

/**
 * An event's sales so far, by performance and tier, and its revenue: payments of confirmed bookings less refunds and
 * disputes. Exact at the time of the call; the cost grows with tiers, live holds and blocks only.
 */
export async function eventSales(deps: SalesDeps, event_id: string): Promise<EventSales> {
  const performances = await deps.db.many<PerformanceRow>(sql.performances, { event_id })
  const performance_nos = performances.map((row) => row.performance_no)
  const [tiers, blocked, cancellations, recent] = await Promise.all([
    deps.db.many<TierRow>(sql.tier_sales, { performance_nos }),
    deps.db.many<{ performance_no: number; seat_ids: string[] }>(sql.blocked_seats, { performance_nos }),
    deps.db.many<CancellationRow>(sql.cancellations, { performance_nos }),
    deps.db.many<RecentRow>(sql.recent, { performance_nos, limit: RECENT_MAX }),
  ])
  const sales = new Map(
    await Promise.all(performance_nos.map(async (no) => [no, await deps.on_sale.loadByNo(no)] as const)),
  )
  const blockedSeats = new Map(blocked.map((row) => [row.performance_no, row.seat_ids]))
  const cancellationOf = new Map(cancellations.map((row) => [row.performance_no, row]))
  return {
    event_id,
    performances: performances.map((row) => ({
      ...performanceSales(row, tiers, blockedSeats.get(row.performance_no) ?? [], sales.get(row.performance_no)),
      ...progressOf(cancellationOf.get(row.performance_no), row.currency),
    })),
    recent_bookings: recent.map((row) => recentBooking(row, sales.get(row.performance_no))),
  }
}

function performanceSales(
  row: PerformanceRow,
  all: readonly TierRow[],
  blocked: readonly string[],
  sale: OnSale | undefined,
): EventSales['performances'][number] {
  const tiers = all
    .filter((tier) => tier.performance_no === row.performance_no)
    .map((tier) => {
      const covered = sale?.tierById.get(tier.tier_id)?.categories ?? null
      return {
        tier_id: tier.tier_id,
        name: tier.name,
        price: money(tier.price, row.currency),
        total: tier.total_places ?? seatsIn(covered, sale?.chart?.chart),
        sold: tier.sold,
        held: tier.held,
        blocked:
          tier.total_places === null
            ? blocked.filter((seat_id) => covers(covered, sale, seat_id)).length
            : tier.blocked,
        revenue: money(tier.revenue, row.currency),
      }
    })
  const sum = (pick: (tier: (typeof tiers)[number]) => number): number =>
    tiers.reduce((total, tier) => total + pick(tier), 0)
  const ga_quantity = sum((tier) =>
    all.find((one) => one.tier_id === tier.tier_id)?.total_places === null ? 0 : tier.total,
  )
  const blocked_quantity = sum((tier) =>
    all.find((one) => one.tier_id === tier.tier_id)?.total_places === null ? 0 : tier.blocked,
  )
  return {
    performance_id: row.performance_id,
    start_time: row.start_time,
    status: row.status,
    total: row.seat_count + ga_quantity,
    sold: sum((tier) => tier.sold),
    held: sum((tier) => tier.held),
    blocked: blocked.length + blocked_quantity,
    revenue: money(
      sum((tier) => tier.revenue.amount),
      row.currency,
    ),
    tiers,
  }
}

/** Seats of each category, counted once per chart: charts are immutable. */
const seatsByCategory = new WeakMap<Chart, Map<number, number>>()

function seatsIn(categories: ReadonlySet<number> | null, chart: Chart | undefined): number {
  if (categories === null || chart === undefined) return 0
  let counts = seatsByCategory.get(chart)
  if (counts === undefined) {
    counts = new Map<number, number>()
    for (const { category } of chart.seats) counts.set(category, (counts.get(category) ?? 0) + 1)
    seatsByCategory.set(chart, counts)
  }
  return [...categories].reduce((sum, category) => sum + (counts.get(category) ?? 0), 0)
}

function covers(categories: ReadonlySet<number> | null, sale: OnSale | undefined, seat_id: string): boolean {
  const seat_no = sale?.chart?.seatNoById.get(seat_id)
  const category = seat_no === undefined ? undefined : sale?.chart?.chart.seats[seat_no]?.category
  return category !== undefined && categories?.has(category) === true
}

function progressOf(
  row: CancellationRow | undefined,
  currency: string,
): Pick<EventSales['performances'][number], 'cancellation'> {
  if (row === undefined) return {}
  const { performance_no: _, refund_total, ...progress } = row
  return { cancellation: { ...progress, refund_total: money(refund_total, currency) } }
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
