import type { EventListItem, EventSort, EventStatus } from '@tessera/contracts/http/catalog'
import { loadSql, type Queryable } from '#platform/db'
import { filterKey } from './plain-text.ts'

const sql = loadSql(import.meta.url, ['page_by_date', 'page_by_key', 'page_of_organization', 'cards'])

type Deps = { tx: Queryable }

type ListFilter = {
  genre?: string
  city?: string
  /** A day (`2026-11-20`) in each venue's time zone, or a time. */
  date_from?: string
  /** A day, included, or a time. */
  date_to?: string
  organization_id?: string
}

/** The last position of the previous page. */
export type ListPosition = { start_time: string | null; n: number; t: string; id: string }

export type ListInput = ListFilter & {
  sort: EventSort
  limit: number
  after: ListPosition | null
}

export type EventPage = { items: EventListItem[]; next: ListPosition | null }

type KeyRow = { event_id: string; performance_id: string | null; start_time: string | null; n: number; t: string }

/**
 * Published events, each once, at its first matching performance. Without `date_from` only those that have not ended.
 * Pages continue by key, so events that come or go meanwhile neither repeat nor hide others.
 */
export async function listEvents(deps: Deps, input: ListInput): Promise<EventPage> {
  const byDate = input.sort === 'date'
  const rows = await deps.tx.many<KeyRow>(byDate ? sql.page_by_date : sql.page_by_key, {
    ...filterParams(input),
    past: input.date_from !== undefined,
    sort: input.sort,
    limit: input.limit + 1,
    after_time: input.after?.start_time ?? null,
    after_id: input.after?.id ?? null,
    after_n: input.after?.n ?? null,
    after_t: input.after?.t ?? null,
  })
  return pageOf(deps, rows, input.limit, false, (row) => ({
    start_time: row.start_time,
    n: row.n,
    t: row.t,
    id: byDate ? (row.performance_id ?? '') : row.event_id,
  }))
}

/** All events of one organization, drafts included, newest first. `tx` acts for it. */
export async function listOwnEvents(
  deps: Deps,
  input: ListFilter & { organization_id: string; limit: number; after: ListPosition | null },
): Promise<EventPage> {
  const params = { ...filterParams(input), limit: input.limit + 1, after_id: input.after?.id ?? null }
  const rows = await deps.tx.many<KeyRow>(sql.page_of_organization, params)
  return pageOf(deps, rows, input.limit, true, (row) => ({ start_time: null, n: 0, t: '', id: row.event_id }))
}

function filterParams(filter: ListFilter): Record<string, unknown> {
  const { date_from = null, date_to = null } = filter
  return {
    genre_key: filter.genre === undefined ? null : filterKey(filter.genre),
    city_key: filter.city === undefined ? null : filterKey(filter.city),
    organization_id: filter.organization_id ?? null,
    from_day: isDay(date_from) ? date_from : null,
    to_day: isDay(date_to) ? date_to : null,
    from_time: isDay(date_from) ? null : date_from,
    to_time: isDay(date_to) ? null : date_to,
  }
}

function isDay(text: string | null): boolean {
  return text?.length === 10
}

async function pageOf(
  { tx }: Deps,
  rows: readonly KeyRow[],
  limit: number,
  drafts: boolean,
  positionOf: (row: KeyRow) => ListPosition,
): Promise<EventPage> {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  if (last === undefined) return { items: [], next: null }
  const cards = await tx.many<CardRow>(sql.cards, {
    event_ids: page.map((row) => row.event_id),
    performance_ids: page.map((row) => row.performance_id),
    drafts,
  })
  return { items: cards.map(cardOf), next: rows.length > limit ? positionOf(last) : null }
}

type CardRow = {
  id: string
  title: string
  genre: string
  currency: string
  status: EventStatus
  organization_id: string
  organizer_name: string
  venue_id: string
  venue_name: string
  city: string
  country: string
  time_zone: string
  latitude: number | null
  longitude: number | null
  performance_id: string | null
  start_time: string | null
  end_time: string | null
  doors_time: string | null
  performance_status: 'draft' | 'published' | 'cancelled' | null
  performance_count: number
  from_amount: number | null
  sale_start: string | null
  sale_end: string | null
}

function cardOf(row: CardRow): EventListItem {
  return {
    id: row.id,
    title: row.title,
    genre: row.genre,
    currency: row.currency,
    status: row.status,
    organization_id: row.organization_id,
    organizer: { id: row.organization_id, name: row.organizer_name },
    venue: {
      id: row.venue_id,
      name: row.venue_name,
      city: row.city,
      country: row.country,
      time_zone: row.time_zone,
      latitude: row.latitude,
      longitude: row.longitude,
    },
    next_performance: performanceOf(row),
    performance_count: row.performance_count,
    from_price: row.from_amount === null ? null : { amount: row.from_amount, currency: row.currency },
    sale_start: row.sale_start,
    sale_end: row.sale_end,
  }
}

function performanceOf(row: CardRow): EventListItem['next_performance'] {
  const { performance_id: id, start_time, end_time, doors_time, performance_status: status } = row
  if (id === null || start_time === null || end_time === null || status === null) return null
  return { id, start_time, end_time, doors_time, status }
}
