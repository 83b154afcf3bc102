import type { Pending } from '../store.ts'
import { type Behaviour, chance, FORGERIES, type Forgery, signed, WELL_BEHAVED } from './behaviour.ts'
import { type Answer, Poster } from './post.ts'

const IN_FLIGHT_MAX = 32
const WAITING_MAX = 200_000
const ATTEMPTS_MAX = 10_000

export type Endpoint = { url: string; secrets: readonly string[] }

/** Waits between attempts: 0.2 s, doubling. Real waits are capped, the schedule they stand for is not. */
export type RetryPolicy = {
  first_ms: number
  max_ms: number
  /** An attempt is the last one once the uncapped waits before it add up to this: Stripe tries for three days. */
  give_up_virtual_ms: number
}

export const RETRY: RetryPolicy = { first_ms: 200, max_ms: 60_000, give_up_virtual_ms: 3 * 24 * 3_600_000 }

/** One copy of one event on its way. */
type Delivery = { event: Pending; copy: number; attempts: number; forgery: Forgery | null }

/** One attempt, as the control API lists it. */
export type Attempt = {
  event: string
  type: string
  copy: number
  attempt: number
  forgery: Forgery | null
  status: number
  error: string | null
  /** What became of the copy: done, tried again later, or given up. */
  result: 'acknowledged' | 'retried' | 'given-up'
  at: string
}

type Options = {
  endpoint: Endpoint | null
  retry: RetryPolicy
  timeout_ms: number
  now_ms: () => number
  /** The event as it is sent; undefined for one that is gone. */
  textOf: (event_id: string) => string | undefined
  /** The endpoint has acknowledged the event (its first copy). */
  acknowledged: (event_id: string) => void
}

/**
 * Brings events to the endpoint at least once. A copy is withheld (until released), sleeping (a timer runs: delayed,
 * shuffled or waiting for its next try), ready (waits for a connection) or in flight. Order is never promised. Beyond
 * 200,000 waiting copies new ones are not begun: their events stay undelivered and go out after a restart.
 */
export class Deliverer {
  /** Null = nobody listens. */
  endpoint: Endpoint | null
  behaviour = WELL_BEHAVED
  /** The newest attempts, oldest first. */
  attempts: Attempt[] = []
  readonly withheld = new Map<string, Pending>()
  readonly #options: Options
  readonly #poster: Poster
  #random = chance(WELL_BEHAVED.seed)
  #forged = 0
  readonly #timers = new Set<NodeJS.Timeout>()
  /** First in, first out: copies enter `#ready`; when `#next` is empty, it takes them over in reverse and pops them. */
  #ready: Delivery[] = []
  #next: Delivery[] = []
  #inFlight = 0
  #idle = Promise.withResolvers<void>()
  #closed = false

  constructor(options: Options) {
    this.#options = options
    this.endpoint = options.endpoint
    this.#poster = new Poster(IN_FLIGHT_MAX, options.timeout_ms)
  }

  /** Copies that are not at their goal yet, the withheld ones not counted. */
  get waiting(): number {
    return this.#timers.size + this.#ready.length + this.#next.length + this.#inFlight
  }

  behave(change: Partial<Behaviour>): Behaviour {
    this.behaviour = { ...this.behaviour, ...change }
    if (change.seed !== undefined) this.#random = chance(change.seed)
    return this.behaviour
  }

  /** A new event: it goes out as the present behaviour wants. */
  announce(event: Pending): void {
    const { withhold } = this.behaviour
    if (this.endpoint === null) return
    if (withhold === true || (withhold !== false && withhold.includes(event.type))) this.withheld.set(event.id, event)
    else this.send(event)
  }

  /** Sends an event now, known or new, however often it went out before. */
  send(event: Pending): void {
    const { duplicate, delay_ms, shuffle_ms, tamper } = this.behaviour
    this.withheld.delete(event.id)
    if (tamper > 0 && this.#random() < tamper) {
      const forgery = FORGERIES[this.#forged % FORGERIES.length] ?? 'body'
      this.#forged += 1
      this.#later({ event, copy: 0, attempts: 0, forgery }, delay_ms)
    }
    for (let copy = 1; copy <= duplicate; copy += 1) {
      this.#later({ event, copy, attempts: 0, forgery: null }, delay_ms + Math.floor(this.#random() * shuffle_ms))
    }
  }

  /** Resolves when nothing sleeps, is ready or in flight. */
  async settled(): Promise<void> {
    if (this.waiting > 0) await this.#idle.promise
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.withheld.clear()
    this.#ready = []
    this.#next = []
    this.attempts = []
    this.#rest()
  }

  close(): void {
    this.#closed = true
    this.clear()
    this.#poster.close()
  }

  #later(delivery: Delivery, wait_ms: number): void {
    if (this.#closed || this.waiting >= WAITING_MAX) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#ready.push(delivery)
      this.#pump()
    }, wait_ms)
    this.#timers.add(timer)
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT_MAX) {
      if (this.#next.length === 0) {
        this.#next = this.#ready.reverse()
        this.#ready = []
      }
      const delivery = this.#next.pop()
      if (delivery === undefined) return
      this.#inFlight += 1
      void this.#attempt(delivery)
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    delivery.attempts += 1
    const answer = await this.#post(delivery)
    this.#inFlight -= 1
    if (!this.#closed) this.#follow(delivery, answer)
    this.#pump()
    this.#rest()
  }

  async #post({ event, forgery }: Delivery): Promise<Answer> {
    const text = this.#options.textOf(event.id)
    if (this.endpoint === null || text === undefined) return { status: 0, error: 'No endpoint or no such event' }
    const { url, secrets } = this.endpoint
    const { body, signature } = signed(text, secrets, Math.floor(this.#options.now_ms() / 1000), forgery)
    return this.#poster.post(new URL(url), body, signature)
  }

  #follow({ event, copy, attempts, forgery }: Delivery, { status, error }: Answer): void {
    const lost = forgery === null && attempts <= this.behaviour.fail_first
    const accepted = status >= 200 && status < 300 && !lost
    // A forgery is sent once: whatever the endpoint says to it, there is nothing to deliver.
    const wait_ms = accepted || forgery !== null ? null : waitAfter(attempts, this.#options.retry)
    this.attempts.push({
      event: event.id,
      type: event.type,
      copy,
      attempt: attempts,
      forgery,
      status,
      error: lost ? 'The answer was lost on purpose' : error,
      result: accepted ? 'acknowledged' : wait_ms === null ? 'given-up' : 'retried',
      at: new Date(this.#options.now_ms()).toISOString(),
    })
    if (this.attempts.length > 2 * ATTEMPTS_MAX) this.attempts = this.attempts.slice(-ATTEMPTS_MAX)
    if (accepted && forgery === null) this.#options.acknowledged(event.id)
    if (wait_ms !== null) this.#later({ event, copy, attempts, forgery }, wait_ms)
  }

  #rest(): void {
    if (this.waiting > 0) return
    this.#idle.resolve()
    this.#idle = Promise.withResolvers<void>()
  }
}

/** How long to wait after the `attempt`-th attempt (counted from 1) has failed; null = give up. */
export function waitAfter(attempt: number, policy: RetryPolicy): number | null {
  const virtual_ms = policy.first_ms * (2 ** attempt - 1)
  if (virtual_ms > policy.give_up_virtual_ms) return null
  return Math.min(policy.first_ms * 2 ** (attempt - 1), policy.max_ms)
}
