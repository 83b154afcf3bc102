import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import { loadSql, type Queryable, type Tx } from '#platform/db'

const sql = loadSql(import.meta.url, ['learn_performance', 'forget_performances'])

/** Stores ticketing's own copy of the performance facts that tickets show. */
export async function learnPerformance(tx: Tx, published: PerformancePublished, changed_at: string): Promise<void> {
  const { venue } = published
  await tx.none(sql.learn_performance, {
    ...published,
    changed_at,
    venue_id: venue.venue_id,
    venue_name: venue.name,
    venue_address: venue.address,
    venue_city: venue.city,
    venue_country: venue.country,
    time_zone: venue.time_zone,
  })
}

/** Empties the copy before a replay. */
export async function forgetPerformances(db: Queryable): Promise<void> {
  await db.none(sql.forget_performances)
}
