import { type Db, loadSql, type Statement } from '#platform/db'
import { contextOf, type Feed, type Subscription, type Transport } from '../port.ts'
import { type Cursor, type Delivery, type OutboxRow, type OutboxWindow, planDelivery } from './order.ts'

const sql = loadSql(import.meta.url, ['advance', 'rewind'])

/** Delay before rows above the horizon are read again; doubled while they stay there. */
const HORIZON_WAIT_MS = 2
const HORIZON_WAIT_MAX_MS = 32
/**
 * Minimum time between two moves of a cursor past topics that its consumer does not handle, which would otherwise be
 * scanned repeatedly.
 */
const PASS_EVERY_MS = 1_000

type WindowRow = {
  from_xid: string | null
  from_id: number
  from_until: string | null
  horizon: string
  passable: boolean
  unready_keys: string[]
  unready_ids: number[]
  waiting: boolean
} & ({ event_id: null } | (OutboxRow & { is_backlog: boolean }))

type ReadWindow = OutboxWindow & { passable: boolean; waiting: boolean }

/** Reads each context's outbox directly from its table, through a pool that acts as `tessera_relay`. */
export function openPostgresTransport(db: Db): Transport {
  return {
    open: (subscription) => openOutboxFeed(db, subscription),
    rewind: async (owner, consumer) => {
      await owner.none(sql.rewind, { consumer })
    },
  }
}

function openOutboxFeed(db: Db, { consumer, source, topics }: Subscription): Feed {
  const { read, begin } = statementsOf(contextOf(source))
  let last: { from: Cursor | null; delivery: Delivery; passable: boolean } | undefined
  let ahead: ReadonlySet<string> = new Set()
  let waits_ms = HORIZON_WAIT_MS
  let passed_at_ms = 0

  const look = async (limit: number): Promise<ReadWindow> =>
    windowOf(await db.many<WindowRow>(read, { consumer, source, topics, limit, fresh_limit: limit + 1 }))
  const window = async (limit: number): Promise<ReadWindow> => {
    for (;;) {
      const seen = await look(limit)
      if (seen.fresh.length <= limit) return seen
      // More than a window has: from here on it is a backlog, read by id.
      await db.none(begin, { consumer, source, topics, horizon: seen.horizon })
    }
  }

  return {
    read: async (limit) => {
      const seen = await window(limit)
      const delivery = planDelivery(seen, limit, ahead)
      last = { from: seen.cursor, delivery, passable: seen.passable }
      waits_ms = delivery.events.length > 0 ? HORIZON_WAIT_MS : Math.min(waits_ms * 2, HORIZON_WAIT_MAX_MS)
      const waiting = seen.waiting || delivery.held
      return { events: delivery.events, more: delivery.more, read_again_ms: waiting ? waits_ms : null }
    },
    acknowledge: async () => {
      if (last === undefined) return
      const { from, delivery, passable } = last
      const { cursor } = delivery
      last = undefined
      ahead = delivery.ahead
      if (isSame(from, cursor)) return
      const due = passable && performance.now() - passed_at_ms >= PASS_EVERY_MS
      if (delivery.events.length === 0 && from?.until == null && !due) return
      passed_at_ms = performance.now()
      await db.none(sql.advance, {
        consumer,
        source,
        ...cursor,
        from_xid: from?.xid ?? null,
        from_id: from?.id ?? null,
        from_until: from?.until ?? null,
      })
    },
    drained: async () => {
      const seen = await look(1)
      return seen.backlog.length === 0 && seen.fresh.length === 0 && !seen.waiting
    },
  }
}

function windowOf(rows: readonly WindowRow[]): ReadWindow {
  const first = rows[0]
  if (first === undefined) throw new Error('The outbox query returned no horizon')
  const { from_xid, from_id: id, from_until: until, horizon, passable, waiting, unready_keys, unready_ids } = first
  const events = rows.filter((row) => row.event_id !== null)
  return {
    cursor: from_xid === null ? null : { xid: from_xid, id, until },
    horizon,
    passable,
    waiting,
    backlog: events.filter((row) => row.is_backlog),
    fresh: events.filter((row) => !row.is_backlog),
    unready: new Map(unready_keys.map((key, i) => [key, unready_ids[i] ?? 0])),
  }
}

function isSame(a: Cursor | null, b: Cursor): boolean {
  return a !== null && a.xid === b.xid && a.id === b.id && a.until === b.until
}

/**
 * `read` shows what one snapshot holds behind the cursor. `fresh` follows the primary key (xid, id), which finds the few
 * rows since the last read; `backlog` follows the index by id, so that a replay reads in order without sorting it all:
 * `is true` keeps the planner from taking the other index. Beyond the horizon only ids and keys are read.
 *
 * `begin` makes a backlog of all rows below a horizon. Rows that were taken already may come again.
 */
function statementsOf(source: string): { read: Statement; begin: Statement } {
  const outbox = `${source}.outbox`
  const fields = `o.event_id, o.topic, o.key, o.payload, o.traceparent, o.created_at as occurred_at, o.xid::text as xid, o.id`
  const horizon = 'pg_snapshot_xmin(pg_current_snapshot())'
  const read = `
    with cursor as materialized (
      select c.xid, coalesce(c.id, 0) as id, c.until, coalesce(c.until, c.xid, '0'::xid8) as fresh_from
      from (values (1)) as one left join platform.bus_cursors c on c.consumer = $1 and c.source = $2
    ), ready as materialized (
      select o.* from cursor cross join lateral (
        (select ${fields}, true as is_backlog from ${outbox} o
         where cursor.until is not null and o.id > cursor.id
           and (o.xid >= cursor.xid and o.xid < cursor.until) is true and o.topic = any ($3)
         order by o.id limit $4)
        union all
        (select ${fields}, false as is_backlog from ${outbox} o
         where o.xid >= cursor.fresh_from and o.xid < ${horizon} and o.topic = any ($3)
         order by o.xid, o.id limit $5)
      ) o
    ), unready as materialized (
      select o.key, min(o.id) as id from ${outbox} o
      where o.xid >= ${horizon} and o.id < (select max(r.id) from ready r) and o.topic = any ($3)
      group by o.key
    )
    select cursor.xid::text as from_xid, cursor.id as from_id, cursor.until::text as from_until,
      ${horizon}::text as horizon,
      exists (select from ${outbox} o where o.xid >= cursor.fresh_from and o.xid < ${horizon}) as passable,
      exists (select from ${outbox} o where o.xid >= ${horizon} and o.topic = any ($3)) as waiting,
      array(select u.key from unready u order by u.key) as unready_keys,
      array(select u.id from unready u order by u.key) as unready_ids,
      ready.*
    from cursor left join ready on true`
  const begin = `
    with cursor as materialized (
      select c.xid, c.id, c.until, coalesce(c.until, c.xid, '0'::xid8) as fresh_from
      from (values (1)) as one left join platform.bus_cursors c on c.consumer = $1 and c.source = $2
    ), lowest as (
      select min(o.id + 0) - 1 as id from cursor, ${outbox} o
      where o.xid >= cursor.fresh_from and o.xid < $4::xid8 and o.topic = any ($3)
    )
    insert into platform.bus_cursors as known (consumer, source, xid, id, until)
    select $1, $2, coalesce(cursor.xid, '0'::xid8),
      coalesce(case when cursor.until is null then lowest.id else least(cursor.id, lowest.id) end, 0), $4::xid8
    from cursor, lowest
    on conflict (consumer, source) do update set id = excluded.id, until = excluded.until
    where known.xid = excluded.xid`
  return {
    read: { name: `bus.read.${source}`, text: read, params: ['consumer', 'source', 'topics', 'limit', 'fresh_limit'] },
    begin: { name: `bus.begin.${source}`, text: begin, params: ['consumer', 'source', 'topics', 'horizon'] },
  }
}
