import type { Chart } from '../seat-map/chart.ts'

export type PerformanceSummary = {
  performance_id: string
  event_id: string
  organization_id: string
  chart_id: string | null
  status: 'draft' | 'published' | 'cancelled'
}

export type EventSummary = {
  event_id: string
  organization_id: string
  title: string
  currency: string
  status: 'draft' | 'published' | 'cancelled' | 'completed'
  performance_ids: string[]
}

export type CatalogRpc = {
  performance(input: { performance_id: string }): Promise<PerformanceSummary | null>
  event(input: { event_id: string }): Promise<EventSummary | null>
  /** The immutable, normalised chart; its seat order is the seat numbering of every performance on it. */
  chart(input: { chart_id: string }): Promise<Chart | null>
  /** Tier ids and kinds of a performance, published or not, for blocks on general admission. */
  tiers(input: { performance_id: string }): Promise<{ tier_id: string; quantity: number | null }[]>
}
