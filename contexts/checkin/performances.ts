import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import { BoundedCache } from '#platform/cache'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['performance'])

/** The organization and event of a performance, against which the right to scan is checked. */
export type PerformanceOwner = { event_id: string; organization_id: string }

export type Performances = {
  /** Undefined when there is no such performance. */
  find(performance_id: string): PerformanceOwner | undefined | Promise<PerformanceOwner | undefined>
  forget(performance_id: string): void
}

const ENTRIES_MAX = 10_000
const AGE_MAX_MS = 60_000

/**
 * Check-in's own copy first, cached in memory; catalog is asked only for performances whose event has not arrived yet.
 */
export function openPerformances({ db, catalog }: { db: Db; catalog: Pick<CatalogRpc, 'performance'> }): Performances {
  const cache = new BoundedCache<PerformanceOwner>({
    entries_max: ENTRIES_MAX,
    weight_max: ENTRIES_MAX,
    weigh: () => 1,
  })
  const load = async (performance_id: string): Promise<PerformanceOwner | undefined> => {
    const own = await db.maybe<PerformanceOwner>(sql.performance, { performance_id })
    if (own !== undefined) return own
    const known = await catalog.performance({ performance_id })
    return known === null ? undefined : { event_id: known.event_id, organization_id: known.organization_id }
  }
  return {
    find: (performance_id) => cache.get(performance_id, AGE_MAX_MS, () => load(performance_id)),
    forget: (performance_id) => cache.invalidate(performance_id),
  }
}
