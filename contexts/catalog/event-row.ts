import type { RefundStep } from '@tessera/contracts/events/catalog'
import type { EventHead, EventStatus, Performance, Tier, Venue } from '@tessera/contracts/http/catalog'
import { geometryUrl } from './charts/create-chart.ts'

/** An event with its venue, as `read-event.sql` returns it. */
export type EventRow = {
  id: string
  organization_id: string
  organizer_name: string
  title: string
  description: string
  genre: string
  currency: string
  status: EventStatus
  refund_policy: RefundStep[]
  version: number
  pending: boolean
  published_at: string | null
  cancelled_at: string | null
  created_at: string
  venue_id: string
  venue_name: string
  address: string
  city: string
  country: string
  latitude: number | null
  longitude: number | null
  time_zone: string
  venue_created_at: string
}

export type PerformanceRow = Pick<
  Performance,
  'id' | 'event_id' | 'chart_id' | 'start_time' | 'end_time' | 'doors_time' | 'status'
>

export type TierRow = Omit<Tier, 'price' | 'published'> & {
  amount: number
  currency: string
  published_at: string | null
}

export function eventHeadOf(row: EventRow): EventHead {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    genre: row.genre,
    currency: row.currency,
    status: row.status,
    refund_policy: row.refund_policy,
    organization_id: row.organization_id,
    organizer: { id: row.organization_id, name: row.organizer_name },
    venue: venueOf(row),
    published_at: row.published_at,
    created_at: row.created_at,
  }
}

function venueOf(row: EventRow): Venue {
  return {
    id: row.venue_id,
    organization_id: row.organization_id,
    name: row.venue_name,
    address: row.address,
    city: row.city,
    country: row.country,
    latitude: row.latitude,
    longitude: row.longitude,
    time_zone: row.time_zone,
    created_at: row.venue_created_at,
  }
}

export function performanceOf(row: PerformanceRow, time_zone: string, tiers: Tier[]): Performance {
  return {
    id: row.id,
    event_id: row.event_id,
    chart_id: row.chart_id,
    geometry_url: row.chart_id === null ? null : geometryUrl(row.chart_id),
    start_time: row.start_time,
    end_time: row.end_time,
    doors_time: row.doors_time,
    time_zone,
    status: row.status,
    tiers,
  }
}

export function tierOf(row: TierRow): Tier {
  return {
    id: row.id,
    performance_id: row.performance_id,
    name: row.name,
    price: { amount: row.amount, currency: row.currency },
    categories: row.categories,
    quantity: row.quantity,
    sale_start: row.sale_start,
    sale_end: row.sale_end,
    min_per_order: row.min_per_order,
    max_per_order: row.max_per_order,
    max_per_person: row.max_per_person,
    published: row.published_at !== null,
  }
}
