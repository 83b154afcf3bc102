import { Batcher } from '#platform/batching'
import type { Queryable, Statement } from '#platform/db'

/** Submit an event's id: the version committed at some moment after the call; undefined when no such event is public. */
export type VersionLookup = Batcher<string, number | undefined>

/** One query in flight: a request joins the next one, because the running one may have read before the request began. */
const LIMITS = { batch_size_max: 4_096, in_flight_max: 1, queue_length_max: 100_000 }

/**
 * Looks up the current versions of events, many requests a query. Needed where several processes serve one port: another
 * one may just have changed the event.
 */
export function openVersionLookup(db: Queryable, versions: Statement): VersionLookup {
  return new Batcher({
    ...LIMITS,
    run: async (event_ids) => {
      const rows = await db.many<{ id: string; version: number }>(versions, { event_ids: [...new Set(event_ids)] })
      const byId = new Map(rows.map((row) => [row.id, row.version]))
      return event_ids.map((event_id) => byId.get(event_id))
    },
  })
}
