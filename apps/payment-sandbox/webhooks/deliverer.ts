import { request as httpRequest } from 'node:http'
import type { Pending, Store } from '../store.ts'
import { type Behaviour, chance, FORGERIES, type Forgery, signed, WELL_BEHAVED } from './behaviour.ts'

const IN_FLIGHT_MAX = 32
const WAITING_MAX = 200_000
const ATTEMPTS_MAX = 10_000

/** What came back: a status, or 0 and why nothing did. */
type Answer = { status: number; error: string | null }

/** `events`: the types that it subscribes to; absent = all. */
export type Endpoint = { url: string; secrets: readonly string[]; events?: readonly string[] | undefined }

/** Waits between attempts: `first_ms`, doubling up to `max_ms`, until `attempts` have been made. */
export type RetryPolicy = { first_ms: number; max_ms: number; attempts: number }

export const RETRY: RetryPolicy = { first_ms: 200, max_ms: 60_000, attempts: 21 }

type Delivery = { event: Pending; copy: number; attempts: number; forgery: Forgery | null }

/** One attempt, as the control API lists it. */
export type Attempt = Answer & {
  event: string
  type: string
  copy: number
  attempt: number
  forgery: Forgery | null
  /** What became of the copy: done, tried again later, or given up. */
  result: 'acknowledged' | 'retried' | 'given-up'
  at: string
}

type Options = {
  endpoint: Endpoint | null
  retry: RetryPolicy
  webhook_timeout_ms: number
  now_ms: () => number
  store: Store
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
  readonly #timers = new Set<NodeJS.Timeout>()
  #random = chance(WELL_BEHAVED.seed)
  #forged = 0
  #ready: Delivery[] = []
  #inFlight = 0
  #acknowledged: string[] = []
  #closed = false

  constructor(options: Options) {
    this.#options = options
    this.endpoint = options.endpoint
  }

  /** Copies that are not at their goal yet, the withheld ones not counted. */
  get waiting(): number {
    return this.#timers.size + this.#ready.length + this.#inFlight + this.#acknowledged.length
  }

  listensTo(type: string): boolean {
    return this.endpoint !== null && (this.endpoint.events?.includes(type) ?? true)
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
      const forgery = FORGERIES[this.#forged++ % FORGERIES.length] ?? 'body'
      this.#later({ event, copy: 0, attempts: 0, forgery }, delay_ms)
    }
    for (let copy = 1; copy <= duplicate; copy += 1) {
      this.#later({ event, copy, attempts: 0, forgery: null }, delay_ms + Math.floor(this.#random() * shuffle_ms))
    }
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.withheld.clear()
    this.#ready = []
    this.attempts = []
  }

  close(): void {
    this.#closed = true
    this.clear()
    this.record()
  }

  /** Writes down what was acknowledged since the last call. What is lost with the process goes out again. */
  record(): void {
    if (this.#acknowledged.length > 0) this.#options.store.delivered(this.#acknowledged.splice(0))
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
      const delivery = this.#ready.shift()
      if (delivery === undefined) return
      this.#inFlight += 1
      void this.#attempt(delivery)
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    delivery.attempts += 1
    const { store, now_ms, webhook_timeout_ms } = this.#options
    const text = store.eventText(delivery.event.id)
    let answer: Answer = { status: 0, error: 'No endpoint or no such event' }
    if (this.endpoint !== null && text !== undefined) {
      const { body, signature } = signed(text, this.endpoint.secrets, Math.floor(now_ms() / 1000), delivery.forgery)
      answer = await post(new URL(this.endpoint.url), body, signature, webhook_timeout_ms)
    }
    this.#inFlight -= 1
    if (!this.#closed) this.#follow(delivery, answer)
    this.#pump()
  }

  #follow(delivery: Delivery, { status, error }: Answer): void {
    const { event, copy, attempts: attempt, forgery } = delivery
    const lost = forgery === null && attempt <= this.behaviour.fail_first
    const accepted = status >= 200 && status < 300 && !lost
    // A forgery is sent once: whatever the endpoint says to it, there is nothing to deliver.
    const retried = !accepted && forgery === null && attempt < this.#options.retry.attempts
    const result = accepted ? 'acknowledged' : retried ? 'retried' : 'given-up'
    const said = lost ? 'The answer was lost on purpose' : error
    const at = new Date(this.#options.now_ms()).toISOString()
    this.attempts.push({ event: event.id, type: event.type, copy, attempt, forgery, status, error: said, result, at })
    if (this.attempts.length > 2 * ATTEMPTS_MAX) this.attempts = this.attempts.slice(-ATTEMPTS_MAX)
    if (accepted && forgery === null) this.#acknowledged.push(event.id)
    if (retried) this.#later(delivery, waitAfter(attempt, this.#options.retry))
  }
}

/** Milliseconds after the `attempt`-th failure. */
export function waitAfter(attempt: number, { first_ms, max_ms }: RetryPolicy): number {
  return Math.min(first_ms * 2 ** (attempt - 1), max_ms)
}

/**
 * Posts a webhook over Node's kept-alive connections; never rejects. The limit covers the whole exchange, so that a
 * trickling endpoint cannot hold a connection.
 */
function post(url: URL, body: string, signature: string, timeout_ms: number): Promise<Answer> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'stripe-signature': signature,
  }
  return new Promise((resolve) => {
    const end = (status: number, error: string | null): void => {
      clearTimeout(limit)
      resolve({ status, error })
    }
    const fail = ({ message }: Error): void => end(0, message)
    const request = httpRequest(url, { method: 'POST', headers })
    const limit = setTimeout(() => request.destroy(new Error(`No answer within ${timeout_ms} ms`)), timeout_ms)
    request.on('error', fail).on('response', (response) => {
      response.on('error', fail).on('end', () => end(response.statusCode ?? 0, null))
      response.resume()
    })
    request.end(body)
  })
}
