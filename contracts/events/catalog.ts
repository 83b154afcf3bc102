import type { Money } from '../money.ts'

/** A tier as it goes on sale. Exactly one of `categories` (seated) and `quantity` (general admission) is set. */
export type PublishedTier = {
  tier_id: string
  name: string
  price: Money
  categories: string[] | null
  quantity: number | null
  sale_start: string
  sale_end: string
  min_per_order: number
  max_per_order: number
  max_per_person: number | null
}

/** One step of a refund policy: `percent` of the paid amount while at least `hours_before` hours remain. */
export type RefundStep = { hours_before: number; percent: number }

/**
 * A performance is on sale as described; published again with a higher `revision` when something about it changed.
 * The chart is immutable and fetched once by `catalog.chart`: its seat order is the seat numbering 0..n-1.
 */
export type PerformancePublished = {
  performance_id: string
  revision: number
  event_id: string
  organization_id: string
  chart_id: string | null
  title: string
  genre: string
  currency: string
  start_time: string
  end_time: string
  doors_time: string | null
  venue: { venue_id: string; name: string; address: string; city: string; country: string; time_zone: string }
  refund_policy: RefundStep[]
  tiers: PublishedTier[]
}

export type EventCancelled = { event_id: string; organization_id: string; performance_ids: string[] }

export type CatalogEvents = {
  'catalog.performance_published': PerformancePublished
  'catalog.event_cancelled': EventCancelled
}
