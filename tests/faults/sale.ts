import { setTimeout as delay } from 'node:timers/promises'
import type { Answer, Client } from '../client.ts'
import { guest } from '../theatre.ts'

/** What a buyer asked for and what he knows of it. Unknown: no answer came, or one that promises nothing (5xx). */
export type Step = {
  what: 'hold' | 'intent' | 'confirm' | 'cancel'
  method: 'POST' | 'DELETE'
  path: string
  key: string
  body: object | undefined
  answer: Answer | null
}

export type Journey = {
  user_id: string
  token: string
  performance_id: string
  seats: readonly string[]
  places: number
  cancels: boolean
  steps: Step[]
}

export type Sale = {
  journeys: readonly Journey[]
  /** Steps whose outcome their buyer did not learn. */
  unknown(): Step[]
  /** Repeats each of them with its own key until it is known, and goes the rest of those journeys' way. */
  resolve(within_ms: number): Promise<void>
  /** Every buyer ends at the next answer. */
  stop(): Promise<void>
}

export type SaleOptions = {
  performance_id: string
  standing: string
  seats: readonly string[]
  buyers: number
  /** 0 ≤ n < 1, from a seed. */
  random(): number
}

const DEADLINE_MS = 5_000
const RETRY_MS = 50
const SEATS_MAX = 3

/** Guests who hold, pay and sometimes cancel, one journey after another, until they are stopped or an answer is missing. */
export async function startSale(client: Client, options: SaleOptions): Promise<Sale> {
  const people = await Promise.all(Array.from({ length: options.buyers }, () => guest(client)))
  const journeys: Journey[] = []
  let stopping = false
  const buyer = async ({ token, user_id }: { token: string; user_id: string }): Promise<void> => {
    while (!stopping) {
      const journey = chosen({ token, user_id }, options)
      journeys.push(journey)
      if (!(await travel(client, journey, () => stopping))) return
    }
  }
  const underWay = Promise.all(people.map(buyer))
  const unknown = (): Step[] => journeys.flatMap((journey) => journey.steps.filter((step) => !isKnown(step)))
  return {
    journeys,
    unknown,
    resolve: async (within_ms) => {
      const until_ms = performance.now() + within_ms
      const open = journeys.filter((journey) => journey.steps.some((step) => !isKnown(step)))
      await Promise.all(
        open.map(async (journey) => {
          while (!(await travel(client, journey, () => false))) {
            if (performance.now() > until_ms) {
              const last = journey.steps.at(-1)
              throw new Error(
                `${last?.what} is still unknown: ${last?.answer?.status} ${last?.answer?.bytes.toString()}`,
              )
            }
            await delay(RETRY_MS)
          }
        }),
      )
    },
    stop: async () => {
      stopping = true
      await underWay
    },
  }
}

/** Known: a promise was made, or a refusal that has no effect. `processing` says itself that it is neither. */
function isKnown({ answer }: Step): boolean {
  return answer !== null && answer.status < 500 && answer.body['status'] !== 'processing'
}

function chosen(person: { token: string; user_id: string }, options: SaleOptions): Journey {
  const { seats, random, performance_id, standing } = options
  const first = Math.floor(random() * seats.length)
  const wanted = seats.slice(first, first + 1 + Math.floor(random() * SEATS_MAX))
  const stands = random() < 0.2
  const body = stands ? { items: [{ tier_id: standing, quantity: wanted.length }] } : { seat_ids: wanted }
  return {
    ...person,
    performance_id,
    seats: stands ? [] : wanted,
    places: wanted.length,
    cancels: random() < 0.15,
    steps: [step('hold', 'POST', '/bookings/hold', { performance_id, ...body })],
  }
}

function step(what: Step['what'], method: Step['method'], path: string, body?: object): Step {
  return { what, method, path, body, key: crypto.randomUUID(), answer: null }
}

/** Goes on from the last step. False: an answer is missing. */
async function travel(client: Client, journey: Journey, stopped: () => boolean): Promise<boolean> {
  for (let at = journey.steps.at(-1); at !== undefined; at = next(journey)) {
    if (!isKnown(at)) at.answer = await asked(client, journey.token, at)
    if (!isKnown(at)) return false
    if (stopped()) return true
  }
  return true
}

async function asked(client: Client, token: string, { method, path, body, key }: Step): Promise<Answer | null> {
  const late = delay(DEADLINE_MS, null, { ref: false })
  const answer = client.send(method, path, { as: token, key, ...(body === undefined ? {} : { body }) })
  return Promise.race([answer.catch(() => null), late])
}

/** The step after the last one, added to the journey; undefined at its end. */
function next(journey: Journey): Step | undefined {
  const last = journey.steps.at(-1)
  const following = last === undefined ? undefined : after(journey, last)
  if (following !== undefined) journey.steps.push(following)
  return following
}

function after(journey: Journey, { what, answer }: Step): Step | undefined {
  if (answer === null || answer.status >= 300) return undefined
  const booking_id = journey.steps[0]?.answer?.body['booking_id']
  switch (what) {
    case 'hold':
      return step('intent', 'POST', '/payments/intent', { booking_id, email: 'guest@example.test' })
    case 'intent':
      return step('confirm', 'POST', '/payments/confirm', {
        payment_id: answer.body['payment_id'],
        payment_method: 'pm_card_visa',
      })
    case 'confirm':
      return journey.cancels ? step('cancel', 'DELETE', `/bookings/${String(booking_id)}`) : undefined
    case 'cancel':
      return undefined
  }
}
