/** Waits between attempts: 0.2 s, doubling. Real waits are capped, the schedule they stand for is not. */
export type RetryPolicy = {
  first_ms: number
  max_ms: number
  /** An attempt is the last one once the uncapped waits before it add up to this: Stripe tries for three days. */
  give_up_virtual_ms: number
}

export const RETRY: RetryPolicy = { first_ms: 200, max_ms: 60_000, give_up_virtual_ms: 3 * 24 * 3_600_000 }

/** How long to wait after the `attempt`-th attempt (counted from 1) has failed; null = give up. */
export function waitAfter(attempt: number, policy: RetryPolicy): number | null {
  const virtual_ms = policy.first_ms * (2 ** attempt - 1)
  if (virtual_ms > policy.give_up_virtual_ms) return null
  return Math.min(policy.first_ms * 2 ** (attempt - 1), policy.max_ms)
}
