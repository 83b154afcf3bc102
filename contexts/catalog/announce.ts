import type { CatalogEvents, PublishedTier, RefundStep } from '@tessera/contracts/events/catalog'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, [
  'announced_performances',
  'published_tiers',
  'mark_announced',
  'published_performances',
])

const publish = publisher<CatalogEvents>()

type PerformanceRow = {
  id: string
  event_id: string
  organization_id: string
  chart_id: string | null
  start_time: string
  end_time: string
  doors_time: string | null
  revision: number
  title: string
  genre: string
  currency: string
  refund_policy: RefundStep[]
  venue_id: string
  name: string
  address: string
  city: string
  country: string
  time_zone: string
}

type TierRow = Omit<PublishedTier, 'price'> & { performance_id: string; amount: number; currency: string }

/**
 * Announces the present state of sale: each performance with its published tiers, complete, one revision up. The caller
 * holds the event's lock.
 */
export async function announce(tx: Tx, performance_ids: readonly string[]): Promise<void> {
  if (performance_ids.length === 0) return
  const performances = await tx.many<PerformanceRow>(sql.announced_performances, { performance_ids })
  const tiers = new Map<string, PublishedTier[]>(performances.map((performance) => [performance.id, []]))
  for (const row of await tx.many<TierRow>(sql.published_tiers, { performance_ids })) {
    tiers.get(row.performance_id)?.push(publishedTier(row))
  }
  const event_ids: string[] = []
  for (const performance of performances) {
    event_ids.push(await announceOne(tx, performance, tiers.get(performance.id) ?? []))
  }
  await tx.none(sql.mark_announced, { performance_ids: performances.map((performance) => performance.id), event_ids })
}

/** Announces published performances again because their event changed. */
export async function announceAgain(tx: Tx, event_id: string): Promise<void> {
  const published = await tx.many<{ id: string }>(sql.published_performances, { event_id })
  await announce(
    tx,
    published.map((row) => row.id),
  )
}

function announceOne(tx: Tx, row: PerformanceRow, tiers: PublishedTier[]): Promise<string> {
  return publish(tx, 'catalog.performance_published', row.id, {
    performance_id: row.id,
    revision: row.revision,
    event_id: row.event_id,
    organization_id: row.organization_id,
    chart_id: row.chart_id,
    title: row.title,
    genre: row.genre,
    currency: row.currency,
    start_time: row.start_time,
    end_time: row.end_time,
    doors_time: row.doors_time,
    venue: {
      venue_id: row.venue_id,
      name: row.name,
      address: row.address,
      city: row.city,
      country: row.country,
      time_zone: row.time_zone,
    },
    refund_policy: row.refund_policy,
    tiers,
  })
}

function publishedTier({ performance_id: _, amount, currency, ...tier }: TierRow): PublishedTier {
  return { ...tier, price: { amount, currency } }
}
