import type { Queryable, Statement } from '#platform/db'
import type { Envelope } from './consumer.ts'

/** A place in commit order. */
export type Place = { xid: string; id: number }

/** An outbox row with its place. */
export type OutboxRow = Envelope & Place & { ready: boolean }

/** What stands behind a consumer's cursor; `tail` is the last row of the source, whatever its topic, that is ready. */
export type Ahead = { from: Place | null; tail: Place | null; rows: OutboxRow[] }

type AheadRow = {
  from_xid: string | null
  from_id: number | null
  tail_xid: string | null
  tail_id: number | null
} & ({ event_id: null } | OutboxRow)

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
  const outbox = `${identifier(source)}.outbox`
  return {
    name: `bus.read.${source}`,
    text: `with cursor as (
             select (select c.xid from platform.bus_cursors c where c.consumer = $1 and c.source = $2) as xid,
               (select c.id from platform.bus_cursors c where c.consumer = $1 and c.source = $2) as id
           )
           select cursor.xid::text as from_xid, cursor.id as from_id, tail.xid::text as tail_xid, tail.id as tail_id,
             o.event_id, o.topic, o.key, o.payload, o.traceparent, o.created_at as occurred_at, o.xid::text as xid, o.id,
             o.xid < pg_snapshot_xmin(pg_current_snapshot()) as ready
           from cursor
           left join lateral (
             select * from ${outbox} o
             where (o.xid, o.id) > (coalesce(cursor.xid, '0'::xid8), coalesce(cursor.id, 0)) and o.topic = any ($3)
             order by o.xid, o.id
             limit $4
           ) o on true
           left join lateral (
             select t.xid, t.id from ${outbox} t
             where t.xid < pg_snapshot_xmin(pg_current_snapshot())
             order by t.xid desc, t.id desc
             limit 1
           ) tail on true
           order by o.xid, o.id`,
    params: ['consumer', 'source', 'topics', 'limit'],
  }
}

/** Runs a `readStatement`. */
export async function readAhead(
  db: Queryable,
  statement: Statement,
  params: { consumer: string; source: string; topics: readonly string[]; limit: number },
): Promise<Ahead> {
  const rows = await db.many<AheadRow>(statement, params)
  const first = rows[0]
  return {
    from: placeOf(first?.from_xid, first?.from_id),
    tail: placeOf(first?.tail_xid, first?.tail_id),
    rows: rows.filter((row) => row.event_id !== null),
  }
}

export function isBefore(a: Place | null, b: Place | null): boolean {
  if (a === null || b === null) return b !== null
  return a.xid === b.xid ? a.id < b.id : BigInt(a.xid) < BigInt(b.xid)
}

function placeOf(xid: string | null | undefined, id: number | null | undefined): Place | null {
  return xid === null || xid === undefined || id === null || id === undefined ? null : { xid, id }
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
