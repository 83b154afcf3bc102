import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['lock_event', 'touch_event'])

/** An event as writers see it, locked until their transaction ends: all writes below one event are serialized. */
export type LockedEvent = {
  id: string
  organization_id: string
  venue_id: string
  time_zone: string
  currency: string
  status: 'draft' | 'published' | 'cancelled'
  version: number
  published_at: string | null
  cancellation_event_id: string | null
}

export function lockEvent(
  tx: Queryable,
  input: { organization_id: string; event_id: string },
): Promise<LockedEvent | undefined> {
  return tx.maybe<LockedEvent>(sql.lock_event, input)
}

/** Raises the version; `pending` when the change becomes visible only with the next publication. */
export async function touchEvent(tx: Queryable, event_id: string, pending: boolean): Promise<void> {
  await tx.none(sql.touch_event, { event_id, pending })
}
