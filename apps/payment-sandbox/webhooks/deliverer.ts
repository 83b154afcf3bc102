import type { Pending } from '../store.ts'
import { type Behaviour, chance, FORGERIES, type Forgery, signed, WELL_BEHAVED } from './behaviour.ts'
import { Poster } from './post.ts'

const IN_FLIGHT_MAX = 32
const WAITING_MAX = 200_000
const LOG_MAX = 10_000

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
 * Brings events to the endpoint at least once. A copy is in one of four places: withheld (until ordered out), sleeping
 * (a timer runs: delayed, shuffled or waiting for its next try), ready (in line for a connection) or in flight. Order is
 * never promised. Copies beyond 200,000 are given up, oldest first.
 */
export class Deliverer {
  readonly #options: Options
  readonly #poster: Poster
  #endpoint: Endpoint | null
  #behaviour = WELL_BEHAVED
  #random = chance(WELL_BEHAVED.seed)
  #forged = 0
  readonly #withheld = new Map<string, Pending>()
  readonly #sleeping = new Map<NodeJS.Timeout, Delivery>()
  /** First in, first out; what lies before `#next` has gone (shifting a long array would move all of it). */
  #ready: Delivery[] = []
  #next = 0
  #inFlight = 0
  #log: Attempt[] = []
  #idle: (() => void)[] = []
  #closed = false

  constructor(options: Options) {
    this.#options = options
    this.#endpoint = options.endpoint
    this.#poster = new Poster(IN_FLIGHT_MAX, options.timeout_ms)
  }

  get listened(): boolean {
    return this.#endpoint !== null
  }

  get behaviour(): Behaviour {
    return this.#behaviour
  }

  get attempts(): readonly Attempt[] {
    return this.#log
  }

  get withheld(): Pending[] {
    return [...this.#withheld.values()]
  }

  /** Copies that are not at their goal yet, the withheld ones not counted. */
  get waiting(): number {
    return this.#sleeping.size + this.#ready.length - this.#next + this.#inFlight
  }

  aim(endpoint: Endpoint | null): void {
    this.#endpoint = endpoint
  }

  behave(behaviour: Behaviour): void {
    if (behaviour.seed !== this.#behaviour.seed) this.#random = chance(behaviour.seed)
    this.#behaviour = behaviour
  }

  /** A new event: it goes out as the present behaviour wants. */
  announce(event: Pending): void {
    const { withhold } = this.#behaviour
    if (!this.#endpoint) return
    if (withhold === true || (withhold !== false && withhold.includes(event.type))) this.#withheld.set(event.id, event)
    else this.send(event)
  }

  /** Sends an event now, known or new, however often it went out before. */
  send(event: Pending): void {
    const { duplicate, delay_ms, shuffle_ms, tamper } = this.#behaviour
    this.#withheld.delete(event.id)
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
    if (this.waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  clear(): void {
    for (const timer of this.#sleeping.keys()) clearTimeout(timer)
    this.#sleeping.clear()
    this.#withheld.clear()
    this.#ready = []
    this.#next = 0
    this.#log = []
    this.#rest()
  }

  close(): void {
    this.#closed = true
    this.clear()
    this.#poster.close()
  }

  #later(delivery: Delivery, wait_ms: number): void {
    if (this.#closed) return
    if (this.waiting >= WAITING_MAX) this.#giveUpOldest()
    if (wait_ms <= 0) {
      this.#ready.push(delivery)
      this.#pump()
      return
    }
    const timer = setTimeout(() => {
      this.#sleeping.delete(timer)
      this.#ready.push(delivery)
      this.#pump()
    }, wait_ms)
    this.#sleeping.set(timer, delivery)
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT_MAX) {
      const delivery = this.#take()
      if (delivery === undefined) return
      this.#inFlight += 1
      void this.#attempt(delivery)
    }
  }

  #take(): Delivery | undefined {
    const delivery = this.#ready[this.#next]
    if (delivery === undefined) return undefined
    this.#next += 1
    if (this.#next > 1024 && this.#next * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#next)
      this.#next = 0
    }
    return delivery
  }

  async #attempt(delivery: Delivery): Promise<void> {
    delivery.attempts += 1
    const endpoint = this.#endpoint
    const answer = endpoint === null ? { status: 0, error: 'No endpoint' } : await this.#post(endpoint, delivery)
    this.#inFlight -= 1
    if (!this.#closed) this.#follow(delivery, answer)
    this.#pump()
    this.#rest()
  }

  #post(endpoint: Endpoint, { event, forgery }: Delivery): ReturnType<Poster['post']> {
    const text = this.#options.textOf(event.id)
    if (text === undefined) return Promise.resolve({ status: 0, error: 'No such event' })
    const now_s = Math.floor(this.#options.now_ms() / 1000)
    const { body, signature } = signed(text, endpoint.secrets, now_s, forgery)
    return this.#poster.post(new URL(endpoint.url), body, signature)
  }

  #follow(delivery: Delivery, answer: { status: number; error: string | null }): void {
    const { event, copy, attempts, forgery } = delivery
    const lost = forgery === null && attempts <= this.#behaviour.fail_first
    const accepted = answer.status >= 200 && answer.status < 300 && !lost
    // A forgery is sent once: whatever the endpoint says to it, there is nothing to deliver.
    const wait_ms = accepted || forgery !== null ? null : waitAfter(attempts, this.#options.retry)
    this.#log.push({
      event: event.id,
      type: event.type,
      copy,
      attempt: attempts,
      forgery,
      status: answer.status,
      error: lost ? 'The answer was lost on purpose' : answer.error,
      result: accepted ? 'acknowledged' : wait_ms === null ? 'given-up' : 'retried',
      at: new Date(this.#options.now_ms()).toISOString(),
    })
    if (this.#log.length > 2 * LOG_MAX) this.#log = this.#log.slice(-LOG_MAX)
    if (accepted && forgery === null) this.#options.acknowledged(event.id)
    if (wait_ms !== null) this.#later(delivery, wait_ms)
  }

  #giveUpOldest(): void {
    const [oldest] = this.#sleeping.keys()
    if (oldest === undefined) {
      this.#take()
      return
    }
    clearTimeout(oldest)
    this.#sleeping.delete(oldest)
  }

  #rest(): void {
    if (this.waiting > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

/** How long to wait after the `attempt`-th attempt (counted from 1) has failed; null = give up. */
export function waitAfter(attempt: number, policy: RetryPolicy): number | null {
  const virtual_ms = policy.first_ms * (2 ** attempt - 1)
  if (virtual_ms > policy.give_up_virtual_ms) return null
  return Math.min(policy.first_ms * 2 ** (attempt - 1), policy.max_ms)
}
