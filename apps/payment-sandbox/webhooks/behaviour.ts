import { createHmac } from 'node:crypto'

/** How webhooks misbehave. All off is how they normally go: each event once, at once, as soon as it has committed. */
export type Behaviour = {
  /** Copies of each event, delivered independently of one another. */
  duplicate: number
  /** Every first attempt waits this long. */
  delay_ms: number
  /** Every first attempt waits a random time up to this, so that events overtake one another. */
  shuffle_ms: number
  /** These event types (true = all) stay here until they are ordered out. */
  withhold: boolean | readonly string[]
  /** The share of events (0–1) that a forgery precedes. An endpoint that answers 2xx to one has a hole. */
  tamper: number
  /** The answers to this many first attempts are lost: the endpoint has worked, and sees the event again. */
  fail_first: number
  /** Seed of all chance in here, so that a run can be repeated. */
  seed: number
}

export const WELL_BEHAVED: Behaviour = {
  duplicate: 1,
  delay_ms: 0,
  shuffle_ms: 0,
  withhold: false,
  tamper: 0,
  fail_first: 0,
  seed: 1,
}

/** What an attacker, or a broken middle box, might send. */
export const FORGERIES = ['body', 'signature', 'stale'] as const
export type Forgery = (typeof FORGERIES)[number]

const STALE_S = 301

/** A small seeded generator (mulberry32): numbers in [0, 1), the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Body and `Stripe-Signature` of a delivery: one `v1` per secret, two while a secret is being rotated. */
export function signed(body: string, secrets: readonly string[], now_s: number, forgery: Forgery | null) {
  switch (forgery) {
    case null:
      return { body, signature: signature(body, secrets, now_s) }
    case 'body':
      return { body: body.replace(/"(amount\w*)": (\d+)/, '"$1": 1$2'), signature: signature(body, secrets, now_s) }
    case 'signature':
      return { body, signature: signature(body, ['whsec_of_somebody_else'], now_s) }
    case 'stale':
      return { body, signature: signature(body, secrets, now_s - STALE_S) }
  }
}

function signature(body: string, secrets: readonly string[], now_s: number): string {
  const text = `${now_s}.${body}`
  const each = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(text).digest('hex')}`)
  return [`t=${now_s}`, ...each].join(',')
}
