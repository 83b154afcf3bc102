/** How webhooks misbehave. All off is how they normally go: each event once, at once, as soon as it is durable. */
export type Behaviour = {
  /** Copies of each event, delivered independently of one another. */
  duplicate: number
  /** Every first attempt waits this long. */
  delay_ms: number
  /** Every first attempt waits a random time up to this, so that events overtake one another. */
  shuffle_ms: number
  /** These event types (true = all) stay here until they are ordered out. */
  withhold: boolean | readonly string[]
  /**
   * This share of events (0–1) is preceded by a forgery: a changed body under the old signature, a signature by another
   * secret, or a signature that is 301 s old, in turn. An endpoint that answers 2xx to one has a hole.
   */
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

/** A small seeded generator (mulberry32): numbers in [0, 1), the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
