import { LRUCache } from 'lru-cache'

/** Limits failures per person within a window; see `openFailureLimit`. */
export type FailureLimit = {
  /**
   * Counts an attempt as a failure before its outcome is known, so that concurrent attempts cannot exceed the limit;
   * returns 0, or the seconds until `who` may try again.
   */
  take(who: string): number
  /** Takes the failure back: the attempt succeeded. */
  giveBack(who: string): void
}

const PEOPLE_MAX = 10_000

/** At most `failures_max` failures a person and window of `window_s` seconds, counted in this process. */
export function openFailureLimit({ failures_max, window_s }: { failures_max: number; window_s: number }): FailureLimit {
  const failures = new LRUCache<string, number>({ max: PEOPLE_MAX, ttl: window_s * 1_000, ttlResolution: 0 })
  return {
    // The window begins with the first failure and does not move with the next ones.
    take: (who) => {
      const count = failures.get(who) ?? 0
      if (count >= failures_max) return Math.max(1, Math.ceil(failures.getRemainingTTL(who) / 1_000))
      failures.set(who, count + 1, count === 0 ? {} : { noUpdateTTL: true })
      return 0
    },
    giveBack: (who) => {
      const count = failures.get(who) ?? 0
      if (count <= 1) failures.delete(who)
      else failures.set(who, count - 1, { noUpdateTTL: true })
    },
  }
}
