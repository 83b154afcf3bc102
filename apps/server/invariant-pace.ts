import type { Invariant } from '#platform/invariants'

/** The checks take at most a twentieth of one connection's time, however large the tables are. */
const PACE = 20

export type Pace = {
  /** The invariants that may be checked now; none while all rest. */
  due(now_ms: number): readonly Invariant[]
  /** A slice took so long. */
  took(id: string, slice: { started_ms: number; took_ms: number; passed: boolean }): void
}

/**
 * After a slice all invariants rest nineteen times as long. One that failed must not stop the others, which know nothing of
 * its trouble: it alone waits, forty times as long and longer than all that failed before it, and while it waits the others
 * rest twice as much, so that both together keep the pace. Two failures in a row are the server's trouble: then all rest.
 */
export function openPace(invariants: readonly Invariant[]): Pace {
  const waits_until_ms = new Map<string, number>()
  let rest_until_ms = 0
  /** When the time of all failures is paid back. */
  let owing_until_ms = 0
  let failed_last = false
  return {
    due: (now_ms) =>
      now_ms < rest_until_ms ? [] : invariants.filter(({ id }) => now_ms >= (waits_until_ms.get(id) ?? 0)),
    took: (id, { started_ms, took_ms, passed }) => {
      if (passed) {
        rest_until_ms = started_ms + took_ms * (owing_until_ms > started_ms ? 2 * PACE : PACE)
      } else {
        owing_until_ms = Math.max(owing_until_ms, started_ms) + took_ms * 2 * PACE
        waits_until_ms.set(id, owing_until_ms)
        if (failed_last) rest_until_ms = started_ms + took_ms * PACE
      }
      failed_last = !passed
    },
  }
}
