import { LRUCache } from 'lru-cache'
import { BoundedCache, type Document, jsonDocument } from '#platform/cache'
import { type Db, loadSql } from '#platform/db'
import { readGeometry } from './charts/read-chart.ts'
import { type EventPage, type ListInput, listEvents } from './list-events.ts'
import { readEvent, readPerformance, type Standing } from './read-event.ts'
import { openVersionLookup, type VersionLookup } from './version-lookup.ts'

const sql = loadSql(import.meta.url, ['event_of_performance', 'versions'])

/** A public page, encoded, with its event's version. */
export type EventDocument = Standing & { document: Document }

type Found<Value> = Value | undefined | Promise<Value | undefined>

/** Public pages, encoded once. Cached values are returned synchronously. */
export type Documents = {
  event(event_id: string): Found<EventDocument>
  performance(performance_id: string): Found<EventDocument>
  geometry(chart_id: string): Found<Document>
  list(
    input: ListInput,
    encode: (page: EventPage) => { body: unknown; headers: Record<string, string> },
  ): Found<Document>
  /** Invalidates the event's pages; call it after the commit. */
  changed(event_id: string): void
}

type Options = {
  db: Db
  /** True when other processes write too: pages are checked against the database's version, and lists expire sooner. */
  severalProcesses(): boolean
  onRefreshError(error: unknown): void
}

const ENTRIES_MAX = 20_000
const BYTES_MAX = 128 * 1_048_576
const PAGE_TTL_MS = 300_000
/** Only the passing of time changes a list without a write. */
const LIST_TTL_MS = 5_000
/** Another process's change may lag in listings by 200 ms at most. */
const SHARED_LIST_TTL_MS = 100
const GEOMETRY_TTL_MS = 86_400_000
const EVENTS_OF_PERFORMANCES_MAX = 100_000
/** Clients revalidate every time, which is cheap and always right; a stored copy serves for 304. */
const REVALIDATED = 'public, no-cache'
const SNAPSHOT = { isolation: 'repeatable read', read_only: true } as const

export function openDocuments(options: Options): Documents {
  const { db, severalProcesses, onRefreshError } = options
  const bounds = { entries_max: ENTRIES_MAX, weight_max: BYTES_MAX, onRefreshError }
  const pages = new BoundedCache<EventDocument>({ ...bounds, weigh: ({ document }) => document.bytes })
  const plain = new BoundedCache<Document>({ ...bounds, weigh: (document) => document.bytes })
  const versions = openVersionLookup(db, sql.versions)
  const eventOf = eventsOfPerformances(db)

  const page = (
    event_id: string,
    key: string,
    load: () => Promise<EventDocument | undefined>,
  ): Found<EventDocument> => {
    if (!severalProcesses()) return pages.get(key, PAGE_TTL_MS, load)
    return checked(
      versions,
      event_id,
      () => pages.get(key, PAGE_TTL_MS, load),
      () => pages.invalidate(key),
    )
  }
  const performancePage = (event_id: string, performance_id: string): Found<EventDocument> =>
    page(event_id, `event:${event_id}:${performance_id}`, () =>
      db.transaction(async (tx) => {
        const read = await readPerformance({ tx }, { event_id, performance_id, drafts: false })
        return read === undefined ? undefined : encoded(read, read.performance)
      }, SNAPSHOT),
    )
  return {
    event: (event_id) =>
      page(event_id, `event:${event_id}:`, () =>
        db.transaction(async (tx) => {
          const read = await readEvent({ tx }, { event_id, drafts: false })
          return read === undefined ? undefined : encoded(read, read.event)
        }, SNAPSHOT),
      ),
    performance: (performance_id) => {
      const event_id = eventOf(performance_id)
      if (typeof event_id === 'string') return performancePage(event_id, performance_id)
      return event_id.then((found) => (found === undefined ? undefined : performancePage(found, performance_id)))
    },
    geometry: (chart_id) =>
      plain.get(`geometry:${chart_id}`, GEOMETRY_TTL_MS, () => readGeometry({ tx: db }, { chart_id, published: true })),
    list: (input, encode) =>
      plain.get(`list:${JSON.stringify(input)}`, severalProcesses() ? SHARED_LIST_TTL_MS : LIST_TTL_MS, async () => {
        const { body, headers } = encode(await listEvents({ tx: db }, input))
        return jsonDocument(body, { cache_control: REVALIDATED, headers })
      }),
    changed: (event_id) => {
      pages.invalidatePrefix(`event:${event_id}:`)
      plain.invalidatePrefix('list:')
    },
  }
}

async function encoded({ version, pending }: Standing, body: unknown): Promise<EventDocument> {
  const document = await jsonDocument(body, { cache_control: REVALIDATED, tag_prefix: `${version}.` })
  return { version, pending, document }
}

/** The cached page if it has the present version, otherwise a fresh one. */
async function checked(
  versions: VersionLookup,
  event_id: string,
  get: () => Found<EventDocument>,
  invalidate: () => void,
): Promise<EventDocument | undefined> {
  const version = await versions.submit(event_id)
  if (version === undefined) return undefined
  const found = await get()
  if (found === undefined || found.version >= version) return found
  invalidate()
  return get()
}

/** A performance never changes its event, so a result stays valid. */
function eventsOfPerformances(db: Db): (performance_id: string) => string | Promise<string | undefined> {
  const known = new LRUCache<string, string>({ max: EVENTS_OF_PERFORMANCES_MAX })
  return (performance_id) => {
    const found = known.get(performance_id)
    if (found !== undefined) return found
    return db.maybe<{ event_id: string }>(sql.event_of_performance, { performance_id }).then((row) => {
      if (row === undefined) return undefined
      known.set(performance_id, row.event_id)
      return row.event_id
    })
  }
}
