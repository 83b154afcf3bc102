import type { RefundStep } from '@tessera/contracts/events/catalog'
import type { FieldError } from '@tessera/contracts/problems'

/** Full refund until a week before, half until the day before, then none. */
export const DEFAULT_REFUND_POLICY: readonly RefundStep[] = [
  { hours_before: 168, percent: 100 },
  { hours_before: 24, percent: 50 },
  { hours_before: 0, percent: 0 },
]

const HOURS_MAX = 24 * 366

/** Steps by falling hours: the first one whose hours remain decides. */
export function orderedPolicy(policy: readonly RefundStep[]): RefundStep[] {
  return policy.toSorted((a, b) => b.hours_before - a.hours_before)
}

export function checkRefundPolicy(field_errors: FieldError[], policy: readonly RefundStep[]): void {
  const hours = new Set<number>()
  policy.forEach((step, n) => {
    const at = `/refund_policy/${n}`
    if (step.hours_before < 0 || step.hours_before > HOURS_MAX) {
      field_errors.push({ pointer: `${at}/hours_before`, detail: `must lie between 0 and ${HOURS_MAX}` })
    } else if (hours.has(step.hours_before)) {
      field_errors.push({ pointer: `${at}/hours_before`, detail: 'is in the policy twice' })
    }
    if (!Number.isInteger(step.percent) || step.percent < 0 || step.percent > 100) {
      field_errors.push({ pointer: `${at}/percent`, detail: 'must be a whole number from 0 to 100' })
    }
    hours.add(step.hours_before)
  })
}
