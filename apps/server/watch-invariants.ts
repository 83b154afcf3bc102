import type { Invariant } from '#platform/context'
import type { Db } from '#platform/db'
import type { Job } from '#platform/jobs'
import type { Telemetry } from '#platform/telemetry'
import { checkInvariants } from './integrity.ts'

type Parts = { auditor: Db; invariants: readonly Invariant[]; telemetry: Telemetry; now_ms?: () => number }

const LOOK_EVERY_MS = 1_000
/** The checks take at most a twentieth of one connection's time, however large the tables are. */
const REST_FACTOR = 19

/**
 * Checks the invariants continuously: every second the next one, in a snapshot of its own, unless the last took so long
 * that a rest is due; and all of them in one snapshot once an hour. A violation is a metric by id and an error in the
 * log.
 */
export function invariantJobs(parts: Parts): Job[] {
  const { auditor, invariants, telemetry, now_ms = () => performance.now() } = parts
  const violations = telemetry.counter('invariant_violations_total', 'Violations found by checks of an invariant', [
    'id',
  ])
  const seconds = telemetry.gauge('invariant_check_seconds', 'How long the last check of an invariant took', ['id'])
  const check = async (which: readonly Invariant[]): Promise<void> => {
    const report = await checkInvariants(auditor, which)
    for (const one of report.invariants) {
      violations.inc({ id: one.id }, one.violations)
      if (one.violations > 0) telemetry.log.error({ invariant: one.id, violations: one.violations }, one.title)
    }
  }
  let next = 0
  let rest_until_ms = 0
  return [
    {
      name: 'platform.check-next-invariant',
      every_ms: LOOK_EVERY_MS,
      run: async () => {
        const started_ms = now_ms()
        const invariant = invariants[next % invariants.length]
        if (invariant === undefined || started_ms < rest_until_ms) return
        next++
        try {
          await check([invariant])
        } finally {
          const took_ms = now_ms() - started_ms
          seconds.set({ id: invariant.id }, took_ms / 1_000)
          rest_until_ms = started_ms + took_ms * (REST_FACTOR + 1)
        }
      },
    },
    { name: 'platform.check-invariants', cron: '17 * * * *', run: () => check(invariants) },
  ]
}
