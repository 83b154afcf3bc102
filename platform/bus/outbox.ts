import type { Queryable, Statement } from '#platform/db'
import type { Envelope } from './consumer.ts'

/** An outbox row with its place in commit order. */
export type OutboxRow = Envelope & { xid: string; id: number; ready: boolean }

const IDENTIFIER = /^[a-z][a-z_]*$/

/** Schema names are chosen by us; this keeps it that way. */
export function identifier(name: string): string {
  if (!IDENTIFIER.test(name)) throw new Error(`${name} is not a schema name`)
  return name
}

/** `booking.held` is written by the context `booking`; `ticketing.issue` is a consumer of `ticketing`. */
export function contextOf(dotted: string): string {
  return identifier(dotted.split('.', 1)[0] ?? '')
}

/**
 * Reads a source's outbox behind a consumer's cursor. The cursor is the pair (xid, id): a bare id would skip a
 * transaction that took its id early and committed late. Rows at or above the xmin horizon are shown as not ready: one
 * with a smaller xid may still commit, so the reader stops there and looks again soon.
 */
export function readStatement(source: string): Statement {
  return {
    name: `bus.read.${source}`,
    text: `select o.event_id, o.topic, o.key, o.payload, o.traceparent, o.created_at as occurred_at, o.xid::text as xid, o.id,
             o.xid < pg_snapshot_xmin(pg_current_snapshot()) as ready
           from ${identifier(source)}.outbox o
           where (o.xid, o.id) > (
               coalesce((select c.xid from platform.bus_cursors c where c.consumer = $1 and c.source = $2), '0'::xid8),
               coalesce((select c.id from platform.bus_cursors c where c.consumer = $1 and c.source = $2), 0))
             and o.topic = any ($3)
           order by o.xid, o.id
           limit $4`,
    params: ['consumer', 'source', 'topics', 'limit'],
  }
}

/** One event again, for a retry. */
export async function readEvent(db: Queryable, source: string, event_id: string): Promise<OutboxRow> {
  const statement: Statement = {
    name: `bus.event.${source}`,
    text: `select event_id, topic, key, payload, traceparent, created_at as occurred_at, xid::text as xid, id, true as ready
           from ${identifier(source)}.outbox where xid = $1::xid8 and id = $2`,
    params: ['xid', 'id'],
  }
  const [xid, id] = event_id.split('/')
  return db.one<OutboxRow>(statement, { xid, id })
}
