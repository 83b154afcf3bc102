import type { Source } from './client-address.ts'

/** Open streams of one source, per quota. */
const PER_SOURCE_MAX = 500
/** Open streams of one process; each costs some 21 kB. */
const TOTAL_MAX = 20_000

export type StreamLimits = {
  /**
   * Counts a stream against each of these sources. Refuses when one of them, or the whole process, has too many open.
   */
  open(sources: readonly Source[]): { kind: 'open'; close(): void } | { kind: 'source-full' } | { kind: 'full' }
}

/** Open streams of this process, per source and in total. Each of several processes allows as many. */
export function createStreamLimits({ per_source = PER_SOURCE_MAX, total = TOTAL_MAX } = {}): StreamLimits {
  const open = new Map<string, number>()
  let all = 0
  const count = (sources: readonly Source[], change: 1 | -1): void => {
    all += change
    for (const { source } of sources) {
      const left = (open.get(source) ?? 0) + change
      if (left > 0) open.set(source, left)
      else open.delete(source)
    }
  }
  return {
    open: (sources) => {
      if (all >= total) return { kind: 'full' }
      if (sources.some(({ source, quotas }) => (open.get(source) ?? 0) >= per_source * quotas))
        return { kind: 'source-full' }
      count(sources, 1)
      let closed = false
      return {
        kind: 'open',
        close: () => {
          if (!closed) count(sources, -1)
          closed = true
        },
      }
    },
  }
}
