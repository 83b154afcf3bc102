import type { FastifyReply } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Source } from './client-address.ts'

/** Windows remembered; beyond them the least recently used is evicted. */
const WINDOWS_MAX = 100_000

export type RateLimiter = {
  /**
   * Takes one from the quota of each of these sources; null if all had some left, otherwise the seconds to wait. Sets
   * the headers.
   */
  take(sources: readonly Source[], reply: FastifyReply): number | null
}

type Window = { used: number; resets_at_ms: number }

/**
 * A fixed window in memory per process, one quota per account or source; headers by draft-ietf-httpapi-ratelimit-headers-11.
 * Own code instead of rate-limiter-flexible: the decision must be synchronous, it precedes every hot request.
 */
export function createRateLimiter(quota: number, window_s: number): RateLimiter {
  const windows = new LRUCache<string, Window>({ max: WINDOWS_MAX })
  const policy = `"default";q=${quota};w=${window_s}`
  const use = (source: string, now: number): Window => {
    let window = windows.get(source)
    if (window === undefined || window.resets_at_ms <= now) {
      window = { used: 0, resets_at_ms: now + window_s * 1_000 }
      windows.set(source, window)
    }
    window.used++
    return window
  }
  return {
    take: (sources, reply) => {
      const now = Date.now()
      let left = quota
      let reset_s = window_s
      for (const { source, quotas } of sources) {
        const { used, resets_at_ms } = use(source, now)
        if (quota * quotas - used >= left) continue
        left = quota * quotas - used
        reset_s = Math.max(1, Math.ceil((resets_at_ms - now) / 1_000))
      }
      reply.header('ratelimit-policy', policy)
      reply.header('ratelimit', `"default";r=${Math.max(0, left)};t=${reset_s}`)
      return left < 0 ? reset_s : null
    },
  }
}
