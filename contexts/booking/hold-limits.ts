import { LRUCache } from 'lru-cache'
import { type Db, loadSql } from '#platform/db'
import type { Source } from '#platform/http'
import {
  type HoldAllowance,
  type HoldOutcomeRow,
  type HoldRefusal,
  type HoldUsage,
  judgeUsage,
  NO_USAGE,
  usageOf,
} from './hold-usage.ts'

/** 50 orders of ten seats; a box office sells one after the other. */
const OWNER: HoldAllowance = { open_max: 50, abandoned_free: 20, abandoned_step: 1, free_clears: 1 }
/** Per quota of a source: many buyers may share one address. */
const SOURCE: HoldAllowance = { open_max: 1_000, abandoned_free: 400, abandoned_step: 20, free_clears: 10 }
/** Above this many recent holds, each new hold checks the database. */
const DATABASE_CHECK_THRESHOLD = 10
/** Holds abandoned longer ago than this are forgotten. */
const MEMORY_S = 3_600
/** Minimum time between two database checks of a source. */
const REFRESH_EVERY_MS = 1_000
const OWNERS_MAX = 100_000
const SOURCES_MAX = 20_000

type Won = { booking_id: string; ends_at_ms: number }

export type HoldPass = { kind: 'admitted'; leave(won: Won | null): void } | { kind: 'refused'; refusal: HoldRefusal }

type OwnerState = { ends_at_ms: number[]; in_flight: number; waiting: (() => void)[] }
type SourceState = {
  holds: Won[]
  in_flight: number
  before: HoldUsage
  refreshed_at_ms: number
  refresh: Promise<void>
}

export type HoldLimitsOptions = {
  db: Db
  hold_seconds: number
  now_ms?: () => number
  owner?: HoldAllowance
  source?: HoldAllowance
}

const sql = loadSql(import.meta.url, ['holds_of_owner', 'outcomes_of'])

/**
 * Limits the open holds of one owner and of one source (address), and imposes a cool-down after many abandoned holds.
 * Owners with fewer than ten recent holds, nearly all, are admitted from memory; above that the database counts the
 * holds of all processes, so n processes allow an owner at most 9 (n - 1) more than one does. Sources are counted in
 * this process only: n processes allow n times as much.
 */
export class HoldLimits {
  readonly #o: Required<HoldLimitsOptions>
  readonly #owners = new LRUCache<string, OwnerState>({ max: OWNERS_MAX })
  readonly #sources = new LRUCache<string, SourceState>({ max: SOURCES_MAX })

  constructor(options: HoldLimitsOptions) {
    this.#o = { now_ms: Date.now, owner: OWNER, source: SOURCE, ...options }
  }

  /**
   * Requests one more hold; an admitted caller must call `leave` in the end, with the hold it won. Decided
   * synchronously for owners with few holds. Concurrent requests beyond the limit wait for earlier ones to finish.
   */
  enter(owner_id: string, sources: readonly Source[]): HoldPass | Promise<HoldPass> {
    const owner = this.#ownerState(owner_id)
    const states = sources.map(({ source, quotas }) => ({ state: this.#sourceState(source), quotas }))
    const refused = this.#judgeSources(states)
    const isFew = owner.ends_at_ms.length + owner.in_flight < DATABASE_CHECK_THRESHOLD
    if (refused === null && isFew) return this.#admit(owner, states)
    return this.#decide(owner_id, owner, states, refused !== null)
  }

  async #decide(
    owner_id: string,
    owner: OwnerState,
    states: readonly { state: SourceState; quotas: number }[],
    checkSources: boolean,
  ): Promise<HoldPass> {
    if (checkSources) {
      await Promise.all(states.map(({ state }) => this.#refresh(state)))
      const refusal = this.#judgeSources(states)
      if (refusal !== null) return { kind: 'refused', refusal }
    }
    try {
      const refusal = await this.#turnOf(owner_id, owner)
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
      const memory_s = MEMORY_S + hold_seconds
      const usage = usageOf(await db.many<HoldOutcomeRow>(sql.holds_of_owner, { owner_id, memory_s }), allowance)
      const refusal = judgeUsage(usage, allowance, hold_seconds, now_ms())
      if (refusal !== null) return refusal
      if (usage.open + owner.in_flight < allowance.open_max || owner.in_flight === 0) return null
      await new Promise<void>((resolve) => owner.waiting.push(resolve))
    }
  }

  #admit(owner: OwnerState, states: readonly { state: SourceState }[]): HoldPass {
    owner.in_flight++
    for (const { state } of states) state.in_flight++
    return {
      kind: 'admitted',
      leave: (won) => {
        owner.in_flight--
        if (won !== null) owner.ends_at_ms.push(won.ends_at_ms)
        for (const { state } of states) {
          state.in_flight--
          if (won !== null) state.holds.push(won)
        }
        owner.waiting.shift()?.()
      },
    }
  }

  /** From memory: holds of unknown outcome count as open until they end, and as abandoned from then on. */
  #judgeSources(states: readonly { state: SourceState; quotas: number }[]): HoldRefusal | null {
    const now_ms = this.#o.now_ms()
    for (const { state, quotas } of states) {
      const { open_max, abandoned_free, abandoned_step } = this.#o.source
      const allowance = {
        ...this.#o.source,
        open_max: open_max * quotas,
        abandoned_free: abandoned_free * quotas,
        abandoned_step: abandoned_step * quotas,
      }
      // Far below both limits nothing needs to be counted.
      const most = state.holds.length + state.in_flight + state.before.abandoned
      if (most < Math.min(allowance.open_max, allowance.abandoned_free)) continue
      const usage = usageInMemory(state, now_ms)
      const refusal = judgeUsage(usage, allowance, this.#o.hold_seconds, now_ms)
      if (refusal !== null) return refusal
    }
    return null
  }

  /** Loads the outcomes of a source's holds; only those still open are read again. */
  #refresh(state: SourceState): Promise<void> {
    if (this.#o.now_ms() - state.refreshed_at_ms < REFRESH_EVERY_MS) return state.refresh
    state.refreshed_at_ms = this.#o.now_ms()
    state.refresh = this.#loadOutcomes(state)
    return state.refresh
  }

  async #loadOutcomes(state: SourceState): Promise<void> {
    const booking_ids = state.holds.map(({ booking_id }) => booking_id)
    const rows = await this.#o.db.many<HoldOutcomeRow>(sql.outcomes_of, { booking_ids })
    const known = new Set(rows.filter(({ outcome }) => outcome !== 'open').map(({ booking_id }) => booking_id))
    // A concurrent refresh may have counted some of these; skip them.
    const still = new Set(state.holds.map(({ booking_id }) => booking_id))
    const fresh = rows.filter(({ booking_id, outcome }) => outcome !== 'open' && still.has(booking_id))
    state.before = usageOf(fresh, this.#o.source, state.before)
    state.holds = state.holds.filter(({ booking_id }) => !known.has(booking_id))
  }

  #ownerState(owner_id: string): OwnerState {
    const known = this.#owners.get(owner_id)
    if (known === undefined) {
      const fresh: OwnerState = { ends_at_ms: [], in_flight: 0, waiting: [] }
      this.#owners.set(owner_id, fresh)
      return fresh
    }
    const from_ms = this.#o.now_ms() - MEMORY_S * 1_000
    if ((known.ends_at_ms[0] ?? from_ms) < from_ms)
      known.ends_at_ms = known.ends_at_ms.filter((ends) => ends >= from_ms)
    return known
  }

  #sourceState(source: string): SourceState {
    const known = this.#sources.get(source)
    if (known === undefined) {
      const fresh: SourceState = {
        holds: [],
        in_flight: 0,
        before: NO_USAGE,
        refreshed_at_ms: 0,
        refresh: Promise.resolve(),
      }
      this.#sources.set(source, fresh)
      return fresh
    }
    const from_ms = this.#o.now_ms() - MEMORY_S * 1_000
    if (known.before.abandoned > 0 && known.before.last_abandoned_at_ms < from_ms) known.before = NO_USAGE
    if ((known.holds[0]?.ends_at_ms ?? from_ms) < from_ms)
      known.holds = known.holds.filter(({ ends_at_ms }) => ends_at_ms >= from_ms)
    return known
  }
}

/** Holds are sorted by end, so only the open ones are visited. */
function usageInMemory({ holds, in_flight, before }: SourceState, now_ms: number): HoldUsage {
  let at = holds.length
  while (at > 0 && (holds[at - 1]?.ends_at_ms ?? 0) > now_ms) at--
  return {
    open: holds.length - at + in_flight,
    first_ends_at_ms: holds[at]?.ends_at_ms ?? Number.POSITIVE_INFINITY,
    abandoned: before.abandoned + at,
    last_abandoned_at_ms: Math.max(before.last_abandoned_at_ms, holds[at - 1]?.ends_at_ms ?? 0),
  }
}
