import type { Envelope } from '../consumer.ts'

/** An outbox row: the id of its transaction and its own. */
export type OutboxRow = Envelope & { xid: string; id: number }

/** A position in an outbox, as `platform.bus_cursors` describes it. */
export type Cursor = { xid: string; id: number; until: string | null }

/** The rows of one snapshot behind a cursor. */
export type OutboxWindow = {
  /** Null before the first acknowledgement. */
  cursor: Cursor | null
  /** Every transaction below has ended and is visible, or never will be. */
  horizon: string
  /** The first rows of a backlog below `cursor.until`, by id: all of them when fewer than the limit. */
  backlog: OutboxRow[]
  /** All other rows below the horizon, in any order. */
  fresh: OutboxRow[]
  /** For each key with visible rows at or above the horizon: the lowest of their ids. */
  unready: ReadonlyMap<string, number>
}

export type Delivery = {
  /** In the order of ids. */
  events: OutboxRow[]
  cursor: Cursor
  /** Rows beyond the cursor that have been delivered already, by event id. */
  ahead: Set<string>
  /** Deliverable rows wait for an earlier row of their key. */
  held: boolean
  more: boolean
}

/**
 * Chooses the deliverable rows of a window, and the cursor after their delivery.
 *
 * Publishers insert their outbox row after taking the locks that decide its order, so among the rows of one key the order
 * of ids is the order of effects. The order of transaction ids is not: a transaction gets its id at its first lock and
 * may then wait for one with a later id to commit. Whatever a row depends on was committed before it and is therefore
 * visible with it, but perhaps not yet below the horizon, because an unrelated third transaction still runs. Hence a
 * ready row is held while an earlier row of its key is unready, and only that key waits.
 */
export function planDelivery(window: OutboxWindow, limit: number, ahead: ReadonlySet<string>): Delivery {
  const xid = window.cursor?.xid ?? '0'
  const more = window.backlog.length >= limit
  const last_id = more ? (window.backlog.at(-1)?.id ?? 0) : Number.POSITIVE_INFINITY
  const rows = [...window.backlog, ...window.fresh].filter((row) => row.id <= last_id).sort((a, b) => a.id - b.id)
  const free = rows.filter((row) => (window.unready.get(row.key) ?? row.id) >= row.id)
  const events = free.filter((row) => !ahead.has(row.event_id))
  const held = rows.find((row) => (window.unready.get(row.key) ?? row.id) < row.id)
  if (held === undefined) {
    const cursor = more ? { xid, id: last_id, until: window.horizon } : { xid: window.horizon, id: 0, until: null }
    return { events, cursor, ahead: new Set(), held: false, more }
  }
  const id = held.id - 1
  const beyond = free.filter((row) => row.id > id)
  return {
    events,
    cursor: { xid, id, until: window.horizon },
    ahead: new Set(beyond.map((row) => row.event_id)),
    held: true,
    more: more && events.length > 0,
  }
}
