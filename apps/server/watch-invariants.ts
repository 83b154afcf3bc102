import type { Db } from '#platform/db'
import { countViolations, type Invariant, type Key, nextSlice, type Slice } from '#platform/invariants'
import type { Job } from '#platform/jobs'
import type { Telemetry } from '#platform/telemetry'
import { openPace } from './invariant-pace.ts'
import { openRounds } from './invariant-rounds.ts'

type Parts = {
  auditor: Db
  /** Records how far the checks have come; the auditor can only read. */
  recorder: Db
  invariants: readonly Invariant[]
  telemetry: Telemetry
  now_ms?: () => number
  /** Rows of keys in a slice; only tests need other than the usual. */
  slice_rows?: number
}

const LOOK_EVERY_MS = 1_000

/**
 * Checks the invariants continuously: every second one slice of the invariant that was checked longest ago, unless a rest
 * is due. Each goes on where its last slice ended, under this leader or an earlier one, so every row is checked once a
 * round however short leaders live, and a large table delays no other invariant. A violation is a metric by id and an error
 * in the log.
 */
export function invariantJobs(parts: Parts): Job[] {
  const { auditor, invariants, now_ms = () => performance.now() } = parts
  const metrics = openMetrics(parts.telemetry)
  const rounds = openRounds(parts.recorder)
  const pace = openPace(invariants)
  const check = async (invariant: Invariant, after: Key | null): Promise<void> => {
    const { id, keys } = invariant
    const { slice, is_first } = await sliceDue(auditor, invariant, after, parts.slice_rows)
    // A table without rows has no slice and violates nothing.
    const is_empty = slice === undefined && keys !== undefined
    const found = is_empty ? 0 : await countViolations(auditor, invariant, slice)
    // Before it is recorded as checked: what was found is told twice rather than never.
    metrics.found(invariant, slice, found)
    const round_seconds = await rounds.record({ id, after: slice?.to ?? null, is_first })
    if (round_seconds !== undefined) metrics.round(invariant, round_seconds)
  }
  const run = async (): Promise<void> => {
    const started_ms = now_ms()
    const due = pace.due(started_ms)
    if (due.length === 0) return
    const { id, after } = await rounds.next(due.map((invariant) => invariant.id))
    let passed = false
    try {
      for (const invariant of due) if (invariant.id === id) await check(invariant, after)
      passed = true
    } catch (error) {
      metrics.failed(id)
      // Where this fails too, the first error says more.
      await Promise.allSettled([rounds.recordFailure(id)])
      throw error
    } finally {
      const took_ms = now_ms() - started_ms
      metrics.took(id, took_ms)
      pace.took(id, { started_ms, took_ms, passed })
    }
  }
  return [{ name: 'platform.check-next-invariant', every_ms: LOOK_EVERY_MS, run }]
}

/** The slice after the last one, or the first of a new round. */
async function sliceDue(
  auditor: Db,
  { keys, slice_rows }: Invariant,
  after: Key | null,
  rows: number | undefined = slice_rows,
): Promise<{ slice: Slice | undefined; is_first: boolean }> {
  if (keys === undefined) return { slice: undefined, is_first: true }
  const following = after === null ? undefined : await nextSlice(auditor, keys, after, rows)
  if (following !== undefined) return { slice: following, is_first: false }
  return { slice: await nextSlice(auditor, keys, null, rows), is_first: true }
}

type Metrics = {
  found(invariant: Invariant, slice: Slice | undefined, count: number): void
  took(id: string, ms: number): void
  failed(id: string): void
  round(invariant: Invariant, seconds: number): void
}

function openMetrics(telemetry: Telemetry): Metrics {
  const violations = telemetry.counter('invariant_violations_total', 'Violations found by checks of an invariant', [
    'id',
  ])
  const check = telemetry.gauge('invariant_check_seconds', 'How long the last slice of an invariant took', ['id'])
  const failures = telemetry.counter(
    'invariant_check_failures_total',
    'Slices of an invariant that could not be checked',
    ['id'],
  )
  const round = telemetry.gauge('invariant_round_seconds', 'How long the last round of an invariant took', ['id'])
  return {
    found: ({ id, title }, slice, count) => {
      violations.inc({ id }, count)
      if (count > 0) telemetry.log.error({ invariant: id, violations: count, slice }, title)
    },
    took: (id, ms) => check.set({ id }, ms / 1_000),
    failed: (id) => failures.inc({ id }),
    round: ({ id }, seconds) => round.set({ id }, seconds),
  }
}
