import { LRUCache } from 'lru-cache'

/** Limits failures per person within a window; see `openFailureLimit`. */
export type FailureLimit = {
  /** Seconds until `who` may try again; 0 when they may now. */
  retryAfter(who: string): number
  failed(who: string): void
}

const PEOPLE_MAX = 10_000

/** At most `failures_max` failures a person and window of `window_s` seconds, counted in this process. */
export function openFailureLimit({ failures_max, window_s }: { failures_max: number; window_s: number }): FailureLimit {
  const failures = new LRUCache<string, number>({ max: PEOPLE_MAX, ttl: window_s * 1_000, ttlResolution: 0 })
  return {
    retryAfter: (who) =>
      (failures.get(who) ?? 0) < failures_max ? 0 : Math.max(1, Math.ceil(failures.getRemainingTTL(who) / 1_000)),
    // The window begins with the first failure and does not move with the next ones.
    failed: (who) => {
      const count = failures.get(who) ?? 0
      failures.set(who, count + 1, count === 0 ? {} : { noUpdateTTL: true })
    },
  }
}
