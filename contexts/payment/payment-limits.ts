import { LRUCache } from 'lru-cache'
import type { Source } from '#platform/http'

/** Payments that one owner may begin within a window, whatever becomes of them. */
const INTENTS_MAX = 60
const INTENTS_WINDOW_MS = 600_000
/** Declined attempts of an owner, or in flight, before the next one waits. */
const DECLINES_FREE = 30
/** The first wait; each further decline doubles it, up to 64 minutes. */
const FIRST_WAIT_MS = 30_000
const DOUBLINGS_MAX = 7
/** After so much quiet beyond the wait, declines are forgotten. */
const MEMORY_MS = 3_600_000
/** A source stands for many people: so many times an owner's limits, per quota. */
const SOURCE_TIMES = 10
const ENTRIES_MAX = 100_000

export type Attempting = {
  kind: 'admitted'
  /** `declined` counts, `succeeded` ends every wait, anything else counts as nothing. */
  ended(outcome: 'declined' | 'succeeded' | 'other'): void
}

type Refused = { kind: 'refused'; retry_after_s: number }
type Window = { used: number; ends_at_ms: number }
type Declines = { declined: number; in_flight: number; until_ms: number; forgotten_at_ms: number }

/**
 * How many payments one owner and one source (address) may begin, and how long they wait after many declines, which slows
 * down anyone testing stolen cards. Counted in this process: n processes allow n times as much.
 */
export class PaymentLimits {
  readonly #windows = new LRUCache<string, Window>({ max: ENTRIES_MAX })
  readonly #declines = new LRUCache<string, Declines>({ max: ENTRIES_MAX })
  readonly #now_ms: () => number

  constructor(now_ms: () => number = Date.now) {
    this.#now_ms = now_ms
  }

  /** Takes one from the payments that may be begun; null while there are some left, else seconds to wait. */
  begin(owner_id: string, sources: readonly Source[]): number | null {
    const now_ms = this.#now_ms()
    let wait_ms = 0
    for (const { source, quotas } of whoOf(owner_id, sources)) {
      let window = this.#windows.get(source)
      if (window === undefined || window.ends_at_ms <= now_ms) {
        window = { used: 0, ends_at_ms: now_ms + INTENTS_WINDOW_MS }
        this.#windows.set(source, window)
      }
      window.used++
      if (window.used > INTENTS_MAX * quotas) wait_ms = Math.max(wait_ms, window.ends_at_ms - now_ms)
    }
    return wait_ms === 0 ? null : seconds(wait_ms)
  }

  /** Before a payment method is charged. Who is admitted tells how it ended. */
  attempt(owner_id: string, sources: readonly Source[]): Attempting | Refused {
    const now_ms = this.#now_ms()
    const all = whoOf(owner_id, sources).map(({ source, quotas }) => ({ entry: this.#entry(source, now_ms), quotas }))
    let wait_ms = 0
    for (const { entry, quotas } of all) {
      wait_ms = Math.max(wait_ms, entry.until_ms - now_ms)
      // Many at once: those beyond the free ones wait for what becomes of them.
      const isCrowded = entry.in_flight > 0 && entry.declined + entry.in_flight >= DECLINES_FREE * quotas
      if (isCrowded) wait_ms = Math.max(wait_ms, 1_000)
    }
    if (wait_ms > 0) return { kind: 'refused', retry_after_s: seconds(wait_ms) }
    for (const { entry } of all) entry.in_flight++
    return {
      kind: 'admitted',
      ended: (outcome) => {
        for (const { entry, quotas } of all) this.#ended(entry, quotas, outcome)
      },
    }
  }

  #ended(entry: Declines, quotas: number, outcome: 'declined' | 'succeeded' | 'other'): void {
    entry.in_flight--
    if (outcome === 'succeeded') {
      entry.declined = 0
      entry.until_ms = 0
    } else if (outcome === 'declined') {
      const now_ms = this.#now_ms()
      entry.declined++
      const beyond = entry.declined - DECLINES_FREE * quotas
      if (beyond >= 0)
        entry.until_ms = now_ms + FIRST_WAIT_MS * 2 ** Math.min(Math.floor(beyond / quotas), DOUBLINGS_MAX)
      entry.forgotten_at_ms = Math.max(now_ms, entry.until_ms) + MEMORY_MS
    }
  }

  #entry(source: string, now_ms: number): Declines {
    let entry = this.#declines.get(source)
    if (entry === undefined || (entry.in_flight === 0 && entry.forgotten_at_ms <= now_ms)) {
      entry = { declined: 0, in_flight: 0, until_ms: 0, forgotten_at_ms: now_ms + MEMORY_MS }
      this.#declines.set(source, entry)
    }
    return entry
  }
}

function whoOf(owner_id: string, sources: readonly Source[]): Source[] {
  return [
    { source: owner_id, quotas: 1 },
    ...sources.map(({ source, quotas }) => ({ source, quotas: quotas * SOURCE_TIMES })),
  ]
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000))
}
