import type { PublishedTier } from '@tessera/contracts/events/catalog'
import { isId } from '@tessera/contracts/ids'
import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import { LRUCache } from 'lru-cache'
import type { Document } from '#platform/cache'
import { type Db, loadSql } from '#platform/db'
import { type GaCounts, type SeatBytes, stateOfByte } from './seat-bytes.ts'

export type PerformanceFacts = {
  performance_id: string
  event_id: string
  revision: number
  chart_id: string | null
  currency: string
  status: 'published' | 'cancelled'
  tiers: PublishedTier[]
}

/** A performance as this process serves it: its state at a version, and the documents made of that version. */
export type View = {
  facts: PerformanceFacts
  chart: Chart | null
  version: number
  state: SeatBytes
  /** By seat: the version that changed it last, exact for every version above `floor`. */
  changed_at: Uint32Array
  floor: number
  /** Made on demand, dropped with the version. */
  documents: Map<string, Promise<Document>>
}

/** The states at `version` of all seats that changed after `previous`. */
export type Changes = { previous: number; version: number; seats: ReadonlyMap<number, SeatState> }
type StateRow = {
  version: number
  seats: Buffer
  tier_ids: string[]
  places: Record<string, GaCounts>
  /** [version, {seat: state}], oldest first. */
  changes: [number, Record<string, SeatState>][]
}

const sql = loadSql(import.meta.url, ['performance', 'of_event', 'of_events', 'state', 'versions'])

/** Older than any version: changes since it are never known. */
export const NO_VERSION = -1

const VIEWS_MAX = 500
/** Ids of no published event, cached briefly: a request that lists a hundred of them costs one query. */
const UNKNOWN_MAX = 10_000
const UNKNOWN_MS = 1_000
/** How many versions back a view has the changes; a reader of an older version gets a reset. */
const CHANGES_MAX = 5_000
/** How long a published performance may take to arrive here. */
const LEARN_WAIT_MS = 2_000
const LEARN_LOOK_MS = 25
const NOTHING: StateRow = { version: 0, seats: Buffer.alloc(0), tier_ids: [], places: {}, changes: [] }

/**
 * The views of this process. A view is loaded for its first reader and advanced by `refresh` when the projector signals
 * a change. Any view may be dropped at any time: the next one reads the same changes from the database.
 */
export class Views {
  readonly #db: Db
  readonly #catalog: CatalogRpc
  readonly #views = new LRUCache<string, Promise<View | undefined>>({ max: VIEWS_MAX })
  readonly #by_event = new LRUCache<string, string[]>({ max: VIEWS_MAX })

  readonly #unknown_events = new LRUCache<string, true>({ max: UNKNOWN_MAX, ttl: UNKNOWN_MS })

  constructor(db: Db, catalog: CatalogRpc) {
    this.#db = db
    this.#catalog = catalog
  }

  async get(performance_id: string): Promise<View | undefined> {
    const known = this.#views.get(performance_id)
    if (known !== undefined) return known
    const loading = this.#load(performance_id)
    this.#views.set(performance_id, loading)
    const drop = (): void => {
      if (this.#views.peek(performance_id) === loading) this.#views.delete(performance_id)
    }
    try {
      const view = await loading
      if (view === undefined) drop()
      return view
    } catch (error) {
      drop()
      throw error
    }
  }

  /** Ids of an event's published performances. */
  async ofEvent(event_id: string): Promise<string[]> {
    const known = this.#by_event.get(event_id)
    if (known !== undefined) return known
    const rows = await this.#db.many<{ performance_id: string }>(sql.of_event, { event_id })
    const ids = rows.map((row) => row.performance_id)
    if (ids.length > 0) this.#by_event.set(event_id, ids)
    return ids
  }

  /** The same for many events with one query at most; an event published within the last second may be missing. */
  async ofEvents(event_ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>()
    const unread: string[] = []
    for (const event_id of event_ids) {
      const known = this.#by_event.get(event_id)
      if (known !== undefined) found.set(event_id, known)
      else if (isId('evt', event_id) && !this.#unknown_events.has(event_id)) unread.push(event_id)
    }
    if (unread.length === 0) return found
    const rows = await this.#db.many<{ event_id: string; performance_ids: string[] }>(sql.of_events, {
      event_ids: unread,
    })
    for (const { event_id, performance_ids } of rows) {
      found.set(event_id, performance_ids)
      this.#by_event.set(event_id, performance_ids)
    }
    for (const event_id of unread) if (!found.has(event_id)) this.#unknown_events.set(event_id, true)
    return found
  }

  /** A new revision or a cancellation: drops the view, so that it is loaded again. */
  forget(performance_id: string, event_id: string): void {
    this.#views.delete(performance_id)
    this.#by_event.delete(event_id)
    this.#unknown_events.delete(event_id)
  }

  loaded(): string[] {
    return Array.from(this.#views.keys())
  }

  /** The view, advanced to the newest version. */
  async refresh(performance_id: string): Promise<View | undefined> {
    const view = await this.get(performance_id)
    if (view === undefined) return undefined
    const after = view.version
    const row = await this.#db.maybe<StateRow>(sql.state, { performance_id, after, changes_max: CHANGES_MAX })
    if (row !== undefined && row.version > view.version) moveOn(view, row)
    return view
  }

  /** The newest version of each, where there is one. */
  async versions(performance_ids: readonly string[]): Promise<Map<string, number>> {
    if (performance_ids.length === 0) return new Map()
    const rows = await this.#db.many<{ performance_id: string; version: number }>(sql.versions, { performance_ids })
    return new Map(rows.map((row) => [row.performance_id, row.version]))
  }

  /** The version of a loaded view. */
  async versionOf(performance_id: string): Promise<number | undefined> {
    return (await this.#views.peek(performance_id))?.version
  }

  async #load(performance_id: string): Promise<View | undefined> {
    if (!isId('perf', performance_id)) return undefined
    const facts = await this.#facts(performance_id)
    if (facts === undefined) return undefined
    const chart = facts.chart_id === null ? null : await this.#catalog.chart({ chart_id: facts.chart_id })
    const row =
      (await this.#db.maybe<StateRow>(sql.state, { performance_id, after: -1, changes_max: CHANGES_MAX })) ?? NOTHING
    const state = { seats: new Uint8Array(0), tier_ids: [], places: {} }
    const view: View = {
      facts,
      chart,
      version: 0,
      state,
      changed_at: new Uint32Array(0),
      floor: 0,
      documents: new Map(),
    }
    moveOn(view, row)
    return view
  }

  /** Publishing completes once booking sells; this copy may lag, so a new performance is waited for. */
  async #facts(performance_id: string): Promise<PerformanceFacts | undefined> {
    const known = await this.#db.maybe<PerformanceFacts>(sql.performance, { performance_id })
    if (known !== undefined) return known
    const summary = await this.#catalog.performance({ performance_id })
    if (summary === null || summary.status === 'draft') return undefined
    const until_ms = performance.now() + LEARN_WAIT_MS
    while (performance.now() < until_ms) {
      const facts = await this.#db.maybe<PerformanceFacts>(sql.performance, { performance_id })
      if (facts !== undefined) return facts
      await new Promise((resolve) => setTimeout(resolve, LEARN_LOOK_MS))
    }
    return undefined
  }
}

/** The changes since a version, without a query; undefined when they are not known any more. */
export function changesSince(view: View, previous: number): Changes | undefined {
  if (previous < view.floor || previous > view.version) return undefined
  const seats = new Map<number, SeatState>()
  for (let seat = 0; seat < view.changed_at.length; seat++)
    if ((view.changed_at[seat] ?? 0) > previous) seats.set(seat, stateOfByte(view.state.seats[seat] ?? 0))
  return { previous, version: view.version, seats }
}

function moveOn(view: View, row: StateRow): void {
  const highest = row.changes.reduce(
    (most, [, changes]) => Object.keys(changes).reduce((seat, one) => Math.max(seat, Number(one)), most),
    row.seats.length - 1,
  )
  if (highest >= view.changed_at.length) {
    const grown = new Uint32Array(highest + 1)
    grown.set(view.changed_at)
    view.changed_at = grown
  }
  for (const [version, changes] of row.changes)
    for (const seat of Object.keys(changes)) view.changed_at[Number(seat)] = version
  // Versions before the oldest stored change cannot be resumed.
  const oldest = row.changes[0]?.[0] ?? row.version + 1
  if (row.changes.length !== row.version - oldest + 1) view.floor = row.version
  else if (oldest > view.version + 1) view.floor = oldest - 1
  view.version = row.version
  view.state = { seats: new Uint8Array(row.seats), tier_ids: row.tier_ids, places: row.places }
  view.documents = new Map()
}
