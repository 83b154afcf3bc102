import type { FastifyReply } from 'fastify'

/** Windows kept in memory before the table starts afresh. */
const WINDOWS_MAX = 100_000

export type RateLimiter = {
  /** Takes one from the quota of `who`; null while there is some left, else seconds to wait. Sets the headers. */
  take(who: string, reply: FastifyReply): number | null
}

/**
 * A fixed window in memory per process, one quota per principal or address; headers by draft-ietf-httpapi-ratelimit-headers-11.
 * Own lines and not rate-limiter-flexible: the decision must be synchronous, it stands before every hot request.
 */
export function createRateLimiter(quota: number, window_s: number): RateLimiter {
  const windows = new Map<string, { used: number; resets_at_ms: number }>()
  const policy = `"default";q=${quota};w=${window_s}`
  return {
    take: (who, reply) => {
      const now = Date.now()
      let state = windows.get(who)
      if (state === undefined || state.resets_at_ms <= now) {
        if (windows.size > WINDOWS_MAX) windows.clear()
        state = { used: 0, resets_at_ms: now + window_s * 1_000 }
        windows.set(who, state)
      }
      state.used++
      const reset_s = Math.max(1, Math.ceil((state.resets_at_ms - now) / 1_000))
      reply.header('ratelimit-policy', policy)
      reply.header('ratelimit', `"default";r=${Math.max(0, quota - state.used)};t=${reset_s}`)
      return state.used > quota ? reset_s : null
    },
  }
}
