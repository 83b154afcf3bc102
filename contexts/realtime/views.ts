import type { PublishedTier } from '@tessera/contracts/events/catalog'
import { isId } from '@tessera/contracts/ids'
import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import type { Document } from '#platform/cache'
import { type Db, loadSql } from '#platform/db'
import type { PlaceCounts, SeatBytes } from './seat-bytes.ts'

export type PerformanceFacts = {
  performance_id: string
  event_id: string
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
  /** Made on demand, gone with the version. */
  documents: Map<string, Promise<Document>>
}

export type Changes = { previous: number; version: number; seats: ReadonlyMap<number, SeatState> }
type StateRow = { version: number; seats: Buffer; tier_ids: string[]; places: Record<string, PlaceCounts> }
type ChangeRow = { version: number; changes: Record<string, SeatState> }

const sql = loadSql(import.meta.url, ['performance', 'of_event', 'state', 'versions', 'changes_since'])

const VIEWS_MAX = 500
/** How long a performance that catalog has published may take to be known here. */
const LEARN_WAIT_MS = 2_000
const LEARN_LOOK_MS = 25
const NOTHING: StateRow = { version: 0, seats: Buffer.alloc(0), tier_ids: [], places: {} }

/**
 * The views of this process. A view is loaded at its first reader, then moved on by `refresh` when the projector says
 * that something changed, and looked after every second in case that word was lost.
 */
export class Views {
  readonly #db: Db
  readonly #catalog: CatalogRpc
  readonly #views = new Map<string, Promise<View | undefined>>()
  readonly #by_event = new Map<string, string[]>()

  constructor(db: Db, catalog: CatalogRpc) {
    this.#db = db
    this.#catalog = catalog
  }

  async get(performance_id: string): Promise<View | undefined> {
    const known = this.#views.get(performance_id)
    if (known !== undefined) return known
    if (this.#views.size >= VIEWS_MAX) this.#views.clear()
    const loading = this.#load(performance_id)
    this.#views.set(performance_id, loading)
    try {
      const view = await loading
      if (view === undefined) this.#views.delete(performance_id)
      return view
    } catch (error) {
      this.#views.delete(performance_id)
      throw error
    }
  }

  /** Ids of an event's published performances. */
  async ofEvent(event_id: string): Promise<string[]> {
    const known = this.#by_event.get(event_id)
    if (known !== undefined) return known
    const rows = await this.#db.many<{ performance_id: string }>(sql.of_event, { event_id })
    const ids = rows.map((row) => row.performance_id)
    if (this.#by_event.size >= VIEWS_MAX) this.#by_event.clear()
    if (ids.length > 0) this.#by_event.set(event_id, ids)
    return ids
  }

  /** A new revision or a cancellation: read it anew. */
  forget(performance_id: string): void {
    this.#views.delete(performance_id)
    this.#by_event.clear()
  }

  loaded(): string[] {
    return [...this.#views.keys()]
  }

  /** Moves a loaded view to the newest version; answers what changed, or null when nothing did or nobody looks. */
  async refresh(performance_id: string): Promise<Changes | null> {
    const view = await this.#views.get(performance_id)
    if (view === undefined) return null
    const row = (await this.#db.maybe<StateRow>(sql.state, { performance_id })) ?? NOTHING
    if (row.version <= view.version) return null
    const previous = view.version
    const state: SeatBytes = { seats: new Uint8Array(row.seats), tier_ids: row.tier_ids, places: row.places }
    const seats = differences(view.state.seats, state.seats)
    view.version = row.version
    view.state = state
    view.documents = new Map()
    return { previous, version: row.version, seats }
  }

  /** Loaded views that are behind the database. */
  async behind(): Promise<string[]> {
    const performance_ids = this.loaded()
    if (performance_ids.length === 0) return []
    const rows = await this.#db.many<{ performance_id: string; version: number }>(sql.versions, { performance_ids })
    const late: string[] = []
    for (const row of rows) {
      const view = await this.#views.get(row.performance_id)
      if (view !== undefined && view.version < row.version) late.push(row.performance_id)
    }
    return late
  }

  /** What happened after `version`, melted into one; undefined when some of it was trimmed. */
  async since(view: View, version: number): Promise<Changes | undefined> {
    if (version > view.version) return undefined
    const rows = await this.#db.many<ChangeRow>(sql.changes_since, {
      performance_id: view.facts.performance_id,
      version,
    })
    const wanted = rows.filter((row) => row.version <= view.version)
    if (wanted.length !== view.version - version) return undefined
    const seats = new Map<number, SeatState>()
    for (const row of wanted) for (const [seat, state] of Object.entries(row.changes)) seats.set(Number(seat), state)
    return { previous: version, version: view.version, seats }
  }

  async #load(performance_id: string): Promise<View | undefined> {
    if (!isId('perf', performance_id)) return undefined
    const facts = await this.#facts(performance_id)
    if (facts === undefined) return undefined
    const chart = facts.chart_id === null ? null : await this.#catalog.chart({ chart_id: facts.chart_id })
    const row = (await this.#db.maybe<StateRow>(sql.state, { performance_id })) ?? NOTHING
    const state = { seats: new Uint8Array(row.seats), tier_ids: row.tier_ids, places: row.places }
    return { facts, chart, version: row.version, state, documents: new Map() }
  }

  /** Publish answers once booking sells; this copy may be a moment behind, so a fresh performance is waited for. */
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

function differences(before: Uint8Array, after: Uint8Array): Map<number, SeatState> {
  const states = ['available', 'held', 'sold', 'blocked'] as const
  const seats = new Map<number, SeatState>()
  for (let seat = 0; seat < Math.max(before.length, after.length); seat++) {
    const now = (after[seat] ?? 0) & 3
    if (((before[seat] ?? 0) & 3) !== now) seats.set(seat, states[now] ?? 'available')
  }
  return seats
}
