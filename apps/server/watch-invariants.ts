import type { Db } from '#platform/db'
import { countViolations, type Invariant, type Key, nextSlice, type Slice } from '#platform/invariants'
import type { Job } from '#platform/jobs'
import type { Telemetry } from '#platform/telemetry'

type Parts = {
  auditor: Db
  invariants: readonly Invariant[]
  telemetry: Telemetry
  now_ms?: () => number
  /** Rows of keys in a slice; only tests need other than the usual. */
  slice_rows?: number
}

/** Where the round of an invariant stands: the last key that was checked. */
type Round = { invariant: Invariant; after: Key | null; began_ms: number | null }

const LOOK_EVERY_MS = 1_000
/** The checks take at most a twentieth of one connection's time, however large the tables are. */
const REST_FACTOR = 19

/**
 * Checks the invariants continuously: every second one slice of the next invariant, unless the last took so long that a
 * rest is due. Each invariant goes on where its last slice ended, so a large table delays no other invariant. A violation
 * is a metric by id and an error in the log. Rounds are in memory: a new leader begins them again, which delays a find by
 * one round at most.
 */
export function invariantJobs(parts: Parts): Job[] {
  const { auditor, invariants, now_ms = () => performance.now() } = parts
  const metrics = openMetrics(parts.telemetry)
  const rounds = invariants.map((invariant): Round => ({ invariant, after: null, began_ms: null }))
  let next = 0
  let rest_until_ms = 0
  const run = async (): Promise<void> => {
    const started_ms = now_ms()
    const round = rounds[next % rounds.length]
    if (round === undefined || started_ms < rest_until_ms) return
    next++
    try {
      const { slice, first } = await sliceDue(auditor, round, parts.slice_rows)
      // A table without rows has no slice and violates nothing.
      const empty = slice === undefined && round.invariant.keys !== undefined
      metrics.found(round.invariant, slice, empty ? 0 : await countViolations(auditor, round.invariant, slice))
      if (first) {
        if (round.began_ms !== null) metrics.round(round.invariant, started_ms - round.began_ms)
        round.began_ms = started_ms
      }
      round.after = slice?.to ?? null
    } finally {
      const took_ms = now_ms() - started_ms
      metrics.took(round.invariant, took_ms)
      rest_until_ms = started_ms + took_ms * (REST_FACTOR + 1)
    }
  }
  return [{ name: 'platform.check-next-invariant', every_ms: LOOK_EVERY_MS, run }]
}

/** The slice after the last one, or the first of a new round. */
async function sliceDue(
  auditor: Db,
  { invariant: { keys }, after }: Round,
  rows: number | undefined,
): Promise<{ slice: Slice | undefined; first: boolean }> {
  if (keys === undefined) return { slice: undefined, first: true }
  const following = after === null ? undefined : await nextSlice(auditor, keys, after, rows)
  if (following !== undefined) return { slice: following, first: false }
  return { slice: await nextSlice(auditor, keys, null, rows), first: true }
}

type Metrics = {
  found(invariant: Invariant, slice: Slice | undefined, count: number): void
  took(invariant: Invariant, ms: number): void
  round(invariant: Invariant, ms: number): void
}

function openMetrics(telemetry: Telemetry): Metrics {
  const violations = telemetry.counter('invariant_violations_total', 'Violations found by checks of an invariant', [
    'id',
  ])
  const check = telemetry.gauge('invariant_check_seconds', 'How long the last slice of an invariant took', ['id'])
  const round = telemetry.gauge('invariant_round_seconds', 'How long the last round of an invariant took', ['id'])
  return {
    found: ({ id, title }, slice, count) => {
      violations.inc({ id }, count)
      if (count > 0) telemetry.log.error({ invariant: id, violations: count, slice }, title)
    },
    took: ({ id }, ms) => check.set({ id }, ms / 1_000),
    round: ({ id }, ms) => round.set({ id }, ms / 1_000),
  }
}
