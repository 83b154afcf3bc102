import { newId } from '@tessera/contracts/ids'
import { LRUCache } from 'lru-cache'
import { type Db, loadSql } from '#platform/db'
import type { Source } from '#platform/http'
import {
  type HoldAllowance,
  type HoldRefusal,
  type HoldUsage,
  type HoldUses,
  judgeUsage,
  MEMORY_LIVES,
  NO_USAGE,
  usageOf,
} from './hold-usage.ts'

/** 50 orders of ten seats; a box office sells one after the other. */
const OWNER: HoldAllowance = { open_max: 50, unused_free: 20, unused_step: 1 }
/** Per quota of a source: many buyers may share one address. */
const SOURCE: HoldAllowance = { open_max: 1_000, unused_free: 200, unused_step: 20 }
/** Above this many recent holds, each new hold checks the database. */
const DATABASE_CHECK_THRESHOLD = 10
/** Time between two reads of a source's holds: ten times as long as the last one took, within these limits. */
const READ_EVERY_MS = { min: 1_000, max: 10_000 }
const READ_TIMES = 10
/** The most that the clocks of two machines are expected to differ by. */
const CLOCKS_DIFFER_MS = 3_600_000
const OWNERS_MAX = 100_000
const SOURCES_MAX = 20_000

type Won = { booking_id: string; ends_at_ms: number }

export type HoldPass = { kind: 'admitted'; leave(won: Won | null): void } | { kind: 'refused'; refusal: HoldRefusal }

type OwnerState = { ends_at_ms: number[]; in_flight: number; won: number; waiting: (() => void)[] }
type SourceState = {
  /** Holds not read since they were won, or open when they were; sorted by end. */
  unread: Won[]
  /** Holds that had ended when they were read. Read again with the next: a booking can be cancelled since. */
  read: Won[]
  /** Of the holds read. */
  before: HoldUsage
  in_flight: number
  /** Null: no read is under way. */
  reading: Promise<void> | null
  next_read_at_ms: number
}
type Sources = readonly { source: string; state: SourceState; quotas: number }[]

export type HoldLimitsOptions = {
  db: Db
  hold_seconds: number
  now_ms?: () => number
  owner?: HoldAllowance
  source?: HoldAllowance
  sources_max?: number
}

const sql = loadSql(import.meta.url, ['uses_of_owner', 'uses_of'])

/**
 * Limits the open holds of one owner and of one source (address), and imposes a growing cool-down on those that hold
 * without buying. Counted in lives of a hold by `usageOf`: in the last twelve lives (an hour of holds of 5 minutes) 20 for
 * an owner and 200 for a source are tolerated, and four more for each booking that stands. Beyond them the next hold
 * waits a tenth of a life after the last unused one, doubled with each further life (a source: each twenty), up to
 * twelve lives.
 *
 * Owners with fewer than ten recent holds, nearly all, are admitted from memory; above that the database counts the
 * holds of all processes, so n processes allow an owner at most 9 (n - 1) more than one does. Sources are counted in
 * this process only: n processes allow n times as much.
 */
export class HoldLimits {
  readonly #o: Required<HoldLimitsOptions>
  readonly #memory_ms: number
  readonly #owners = new LRUCache<string, OwnerState>({ max: OWNERS_MAX })
  /** Only sources with a hold, or one in flight: requests that win nothing evict no record. */
  readonly #sources: LRUCache<string, SourceState>

  constructor(options: HoldLimitsOptions) {
    this.#o = { now_ms: Date.now, owner: OWNER, source: SOURCE, sources_max: SOURCES_MAX, ...options }
    this.#sources = new LRUCache({ max: this.#o.sources_max })
    this.#memory_ms = MEMORY_LIVES * options.hold_seconds * 1_000
  }

  /**
   * Requests one more hold; an admitted caller must call `leave` in the end, with the hold it won. Decided
   * synchronously for owners with few holds. Concurrent requests beyond the limit wait for earlier ones to finish.
   */
  enter(owner_id: string, sources: readonly Source[]): HoldPass | Promise<HoldPass> {
    const owner = this.#ownerState(owner_id)
    const states = this.#statesOf(sources)
    const refused = this.#judgeSources(states)
    const isFew = owner.ends_at_ms.length + owner.in_flight < DATABASE_CHECK_THRESHOLD
    if (refused === null && isFew) return this.#admit(owner, states)
    return this.#decide(owner_id, owner, sources, refused !== null)
  }

  async #decide(
    owner_id: string,
    owner: OwnerState,
    sources: readonly Source[],
    checkSources: boolean,
  ): Promise<HoldPass> {
    if (checkSources) {
      const states = this.#statesOf(sources)
      await Promise.all(states.map(({ state }) => this.#refresh(state)))
      const refusal = this.#judgeSources(states)
      if (refusal !== null) return { kind: 'refused', refusal }
    }
    try {
      const turn = await this.#turnOf(owner_id, owner)
      // Once more, because others were admitted meanwhile.
      const states = this.#statesOf(sources)
      const refusal = turn ?? this.#judgeSources(states)
      if (refusal === null) return this.#admit(owner, states)
      owner.waiting.shift()?.()
      return { kind: 'refused', refusal }
    } catch (error) {
      owner.waiting.shift()?.()
      throw error
    }
  }

  /** Waits until the database has room for one more of this owner's holds beside those in flight; null when it has. */
  async #turnOf(owner_id: string, owner: OwnerState): Promise<HoldRefusal | null> {
    const { db, owner: allowance, hold_seconds, now_ms } = this.#o
    for (;;) {
      const before = owner.won
      const after = newId('bk', Date.now() - this.#memoryS() * 1_000 - CLOCKS_DIFFER_MS)
      const usage = usageOf(await db.many<HoldUses>(sql.uses_of_owner, { owner_id, after, memory_s: this.#memoryS() }))
      const refusal = judgeUsage(usage, allowance, hold_seconds, now_ms())
      if (refusal !== null) return refusal
      // Won while the database was asked, so perhaps not in its answer.
      const meanwhile = owner.won - before
      if (usage.open + meanwhile + owner.in_flight < allowance.open_max) return null
      if (meanwhile === 0) await new Promise<void>((resolve) => owner.waiting.push(resolve))
    }
  }

  #admit(owner: OwnerState, sources: Sources): HoldPass {
    owner.in_flight++
    for (const { source, state } of sources) {
      if (isEmpty(state)) this.#sources.set(source, state)
      state.in_flight++
    }
    return {
      kind: 'admitted',
      leave: (won) => {
        owner.in_flight--
        if (won !== null) {
          owner.won++
          owner.ends_at_ms.push(won.ends_at_ms)
        }
        for (const { source, state } of sources) {
          state.in_flight--
          if (won !== null) state.unread.push(won)
          else if (isEmpty(state) && this.#sources.peek(source) === state) this.#sources.delete(source)
        }
        owner.waiting.shift()?.()
      },
    }
  }

  /** From memory: unread holds count as open until they end, and as unused from then on. */
  #judgeSources(sources: Sources): HoldRefusal | null {
    const now_ms = this.#o.now_ms()
    for (const { state, quotas } of sources) {
      const { open_max, unused_free, unused_step } = this.#o.source
      const allowance = {
        open_max: open_max * quotas,
        unused_free: unused_free * quotas,
        unused_step: unused_step * quotas,
      }
      // Far below both limits nothing needs to be counted.
      const most = state.unread.length + state.in_flight + state.before.unused
      if (most < Math.min(allowance.open_max, allowance.unused_free)) continue
      const usage = usageInMemory(state, now_ms)
      const refusal = judgeUsage(usage, allowance, this.#o.hold_seconds, now_ms)
      if (refusal !== null) return refusal
    }
    return null
  }

  /** Reads a source's holds again, one read at a time; not when that was done just now. */
  async #refresh(state: SourceState): Promise<void> {
    if (state.reading === null && state.next_read_at_ms > this.#o.now_ms()) return
    state.reading ??= this.#readHolds(state)
    await state.reading
  }

  async #readHolds(state: SourceState): Promise<void> {
    const since_ms = this.#o.now_ms()
    try {
      const asked = [...state.read, ...state.unread]
      const booking_ids = asked.map(({ booking_id }) => booking_id)
      const uses = await this.#o.db.many<HoldUses>(sql.uses_of, { booking_ids, memory_s: this.#memoryS() })
      const open = new Set(uses.flatMap(({ open_ids }) => open_ids))
      state.before = { ...usageOf(uses), open: 0, first_ends_at_ms: Number.POSITIVE_INFINITY }
      state.read = asked.filter(
        ({ booking_id, ends_at_ms }) => !open.has(booking_id) && ends_at_ms > since_ms - this.#memory_ms,
      )
      // Those won meanwhile stay.
      const were = new Set(booking_ids)
      state.unread = state.unread.filter(({ booking_id }) => open.has(booking_id) || !were.has(booking_id))
    } finally {
      state.reading = null
      const took_ms = this.#o.now_ms() - since_ms
      state.next_read_at_ms = since_ms + Math.min(Math.max(READ_EVERY_MS.min, took_ms * READ_TIMES), READ_EVERY_MS.max)
    }
  }

  /** The last holds that count were won so many seconds ago. */
  #memoryS(): number {
    return this.#memory_ms / 1_000 + this.#o.hold_seconds
  }

  #ownerState(owner_id: string): OwnerState {
    const known = this.#owners.get(owner_id)
    if (known === undefined) {
      const fresh: OwnerState = { ends_at_ms: [], in_flight: 0, won: 0, waiting: [] }
      this.#owners.set(owner_id, fresh)
      return fresh
    }
    const from_ms = this.#o.now_ms() - this.#memory_ms
    if ((known.ends_at_ms[0] ?? from_ms) < from_ms)
      known.ends_at_ms = known.ends_at_ms.filter((ends) => ends >= from_ms)
    return known
  }

  #statesOf(sources: readonly Source[]): Sources {
    return sources.map(({ source, quotas }) => ({ source, state: this.#sourceState(source), quotas }))
  }

  #sourceState(source: string): SourceState {
    const known = this.#sources.get(source)
    if (known === undefined) return newSource()
    const from_ms = this.#o.now_ms() - this.#memory_ms
    if (known.before.unused > 0 && known.before.last_unused_at_ms < from_ms) known.before = NO_USAGE
    if ((known.unread[0]?.ends_at_ms ?? from_ms) < from_ms)
      known.unread = known.unread.filter(({ ends_at_ms }) => ends_at_ms >= from_ms)
    return known
  }
}

function newSource(): SourceState {
  return {
    unread: [],
    read: [],
    before: NO_USAGE,
    in_flight: 0,
    reading: null,
    next_read_at_ms: 0,
  }
}

function isEmpty({ unread, read, in_flight }: SourceState): boolean {
  return unread.length === 0 && read.length === 0 && in_flight === 0
}

/** Only the open holds are visited. */
function usageInMemory({ unread, in_flight, before }: SourceState, now_ms: number): HoldUsage {
  let at = unread.length
  while (at > 0 && (unread[at - 1]?.ends_at_ms ?? 0) > now_ms) at--
  return {
    open: unread.length - at + in_flight,
    first_ends_at_ms: unread[at]?.ends_at_ms ?? Number.POSITIVE_INFINITY,
    unused: before.unused + at,
    last_unused_at_ms: Math.max(before.last_unused_at_ms, unread[at - 1]?.ends_at_ms ?? 0),
  }
}
