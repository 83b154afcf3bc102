import { LRUCache } from 'lru-cache'
import type { Source } from '#platform/http'

/** Payments that one owner may begin within a window, whatever becomes of them. */
const INTENTS_MAX = 60
/** Attempts to pay, whatever becomes of them: one that asks for a further step tells about the card too. */
const ATTEMPTS_MAX = 120
const WINDOW_MS = 600_000
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
  /** `declined` counts, `succeeded` makes up for one decline, anything else counts as nothing. */
  ended(outcome: 'declined' | 'succeeded' | 'other'): void
}

type Refused = { kind: 'refused'; retry_after_s: number }
type Window = { used: number; ends_at_ms: number }
type Windows = LRUCache<string, Window>
type Declines = { declined: number; in_flight: number; until_ms: number; forgotten_at_ms: number }

/**
 * How many payments one owner and one source (address) may begin and try, and how long they wait after many declines,
 * which slows down anyone testing stolen cards. A success makes up for one decline: among the cards of a tester some
 * work, and a purchase can be cancelled again. What is refused is not recorded, so that no refusal evicts a record.
 * Counted in this process: n processes allow n times as much.
 */
export class PaymentLimits {
  readonly #intents: Windows = new LRUCache({ max: ENTRIES_MAX })
  readonly #attempts: Windows = new LRUCache({ max: ENTRIES_MAX })
  readonly #declines = new LRUCache<string, Declines>({ max: ENTRIES_MAX })
  readonly #now_ms: () => number

  constructor(now_ms: () => number = Date.now) {
    this.#now_ms = now_ms
  }

  /** Takes one from the payments that may be begun; null while there are some left, else seconds to wait. */
  begin(owner_id: string, sources: readonly Source[]): number | null {
    return this.#take(this.#intents, INTENTS_MAX, whoOf(owner_id, sources))
  }

  /** Before a payment method is charged. Who is admitted tells how it ended. */
  attempt(owner_id: string, sources: readonly Source[]): Attempting | Refused {
    const who = whoOf(owner_id, sources)
    const wait_s = this.#waitAfterDeclines(who) ?? this.#take(this.#attempts, ATTEMPTS_MAX, who)
    if (wait_s !== null) return { kind: 'refused', retry_after_s: wait_s }
    const entries = who.map(({ source, quotas }) => ({ source, quotas, entry: this.#entry(source) }))
    for (const { source, entry } of entries) {
      entry.in_flight++
      this.#declines.set(source, entry)
    }
    return {
      kind: 'admitted',
      ended: (outcome) => {
        for (const { entry, quotas } of entries) this.#ended(entry, quotas, outcome)
      },
    }
  }

  #take(windows: Windows, max: number, who: readonly Source[]): number | null {
    const now_ms = this.#now_ms()
    let wait_ms = 0
    const taken = who.map(({ source, quotas }) => {
      const known = windows.get(source)
      const window =
        known !== undefined && known.ends_at_ms > now_ms ? known : { used: 0, ends_at_ms: now_ms + WINDOW_MS }
      if (window.used >= max * quotas) wait_ms = Math.max(wait_ms, window.ends_at_ms - now_ms)
      return { source, window }
    })
    if (wait_ms > 0) return seconds(wait_ms)
    for (const { source, window } of taken) {
      window.used++
      windows.set(source, window)
    }
    return null
  }

  #waitAfterDeclines(who: readonly Source[]): number | null {
    const now_ms = this.#now_ms()
    let wait_ms = 0
    for (const { source, quotas } of who) {
      const entry = this.#entry(source)
      wait_ms = Math.max(wait_ms, entry.until_ms - now_ms)
      // Many at once: those beyond the free ones wait for what becomes of them.
      const isCrowded = entry.in_flight > 0 && entry.declined + entry.in_flight >= DECLINES_FREE * quotas
      if (isCrowded) wait_ms = Math.max(wait_ms, 1_000)
    }
    return wait_ms === 0 ? null : seconds(wait_ms)
  }

  #ended(entry: Declines, quotas: number, outcome: 'declined' | 'succeeded' | 'other'): void {
    entry.in_flight--
    if (outcome === 'succeeded') entry.declined = Math.max(0, entry.declined - 1)
    if (outcome !== 'declined') return
    const now_ms = this.#now_ms()
    entry.declined++
    const beyond = entry.declined - DECLINES_FREE * quotas
    if (beyond >= 0) entry.until_ms = now_ms + FIRST_WAIT_MS * 2 ** Math.min(Math.floor(beyond / quotas), DOUBLINGS_MAX)
    entry.forgotten_at_ms = Math.max(now_ms, entry.until_ms) + MEMORY_MS
  }

  #entry(source: string): Declines {
    const known = this.#declines.get(source)
    if (known !== undefined && (known.in_flight > 0 || known.forgotten_at_ms > this.#now_ms())) return known
    return { declined: 0, in_flight: 0, until_ms: 0, forgotten_at_ms: 0 }
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
