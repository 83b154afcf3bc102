import type { ChartCategorySummary } from '@tessera/contracts/http/catalog'
import { money } from '@tessera/contracts/money'
import { type ChargeLimits, chargeRefusal } from '@tessera/contracts/pricing/chargeable'
import type { FieldError } from '@tessera/contracts/problems'

export type CandidateTier = {
  name: string
  amount: number
  currency: string
  categories: string[] | null
  quantity: number | null
  sale_start: string
  /** Resolved: the performance's start where the tier has no end of its own. */
  sale_end: string
  min_per_order: number
  max_per_order: number
  max_per_person: number | null
  published: boolean
}

export type CandidatePerformance = {
  id: string
  status: 'draft' | 'published' | 'cancelled'
  start_time: string
  end_time: string
  /** The chart's, null without a chart. */
  chart_categories: ChartCategorySummary[] | null
  /** In order of creation. */
  tiers: CandidateTier[]
}

export type Candidate = { currency: string; performances: readonly CandidatePerformance[] }

export type Verdict = {
  errors: FieldError[]
  /** Warnings, which do not stop the sale. */
  warnings: FieldError[]
  /** Performances with unannounced changes. */
  fresh: string[]
}

/**
 * Validates an event for sale. Pointers lead into the event's document, performances by start, tiers by creation.
 * Performances on sale without changes are not validated again: one that has begun does not stop the coming ones.
 */
export function judge(event: Candidate, charge_limits: ChargeLimits, now: string): Verdict {
  const verdict: Verdict = { errors: [], warnings: [], fresh: [] }
  if (event.performances.every((performance) => performance.status === 'cancelled')) {
    verdict.errors.push({ pointer: '/performances', detail: 'needs at least one performance' })
  }
  event.performances.forEach((performance, n) => {
    if (performance.status === 'cancelled') return
    const fresh = performance.status === 'draft' || performance.tiers.some((tier) => !tier.published)
    if (!fresh) return
    verdict.fresh.push(performance.id)
    judgePerformance(verdict, { currency: event.currency, charge_limits, now }, performance, `/performances/${n}`)
  })
  return verdict
}

type Rules = { currency: string; charge_limits: ChargeLimits; now: string }

function judgePerformance(
  verdict: Verdict,
  { currency, charge_limits, now }: Rules,
  performance: CandidatePerformance,
  at: string,
): void {
  const { errors } = verdict
  const begun = performance.status === 'draft' ? performance.start_time <= now : performance.end_time <= now
  if (begun) errors.push({ pointer: `${at}/start_time`, detail: 'lies in the past' })
  if (performance.tiers.length === 0) errors.push({ pointer: `${at}/tiers`, detail: 'needs at least one tier to sell' })
  performance.tiers.forEach((tier, n) => {
    if (tier.published) return
    const tier_at = `${at}/tiers/${n}`
    if (tier.currency !== currency) {
      errors.push({ pointer: `${tier_at}/price/currency`, detail: `must be the event's currency, ${currency}` })
    }
    if (tier.sale_end <= now)
      errors.push({ pointer: `${tier_at}/sale_end`, detail: 'lies in the past: nobody could buy' })
    if (tier.sale_start >= performance.end_time) {
      errors.push({ pointer: `${tier_at}/sale_start`, detail: 'lies after the end of the performance' })
    } else if (tier.sale_start >= tier.sale_end) {
      errors.push({ pointer: `${tier_at}/sale_start`, detail: 'does not lie before the end of the sale' })
    }
    errors.push(...unsellable(tier, performance.chart_categories ?? [], charge_limits, tier_at))
  })
  if (performance.tiers.length > 0) judgeCapacity(verdict, performance, at)
}

type TierTerms = Pick<
  CandidateTier,
  'amount' | 'currency' | 'categories' | 'quantity' | 'min_per_order' | 'max_per_order' | 'max_per_person'
>

/** Limits that no order can meet, and prices that cannot be charged. `at` is the tier's pointer. */
export function unsellable(
  tier: TierTerms,
  categories: readonly ChartCategorySummary[],
  charge_limits: ChargeLimits,
  at: string,
): FieldError[] {
  const errors: FieldError[] = []
  const { min_per_order } = tier
  const capacity =
    tier.quantity ??
    categories
      .filter(({ name }) => tier.categories?.includes(name) === true)
      .reduce((sum, { seat_count }) => sum + seat_count, 0)
  const most = [
    { limit: tier.max_per_order, of: 'one order may take' },
    { limit: tier.max_per_person ?? Infinity, of: 'one person may have' },
    // A tier without any seats has an error of its own.
    { limit: capacity === 0 ? Infinity : capacity, of: 'there are' },
  ]
  for (const { limit, of } of most) {
    if (min_per_order <= limit) continue
    errors.push({
      pointer: `${at}/min_per_order`,
      detail: `is ${min_per_order}, more than the ${limit} that ${of}: nobody could buy`,
    })
    break
  }
  const reason = chargeRefusal(money(tier.amount * min_per_order, tier.currency), charge_limits)
  if (reason !== null) {
    const detail = min_per_order === 1 ? reason : `for the smallest order of ${min_per_order}, ${reason}`
    errors.push({ pointer: `${at}/price/amount`, detail })
  }
  return errors
}

/** Tiers without seats or a quantity, and seats without a tier. */
function judgeCapacity({ errors, warnings }: Verdict, performance: CandidatePerformance, at: string): void {
  const categories = performance.chart_categories ?? []
  const sold = new Set(performance.tiers.flatMap((tier) => tier.categories ?? []))
  const seats = categories.filter(({ name }) => sold.has(name)).reduce((sum, { seat_count }) => sum + seat_count, 0)
  const quantity = performance.tiers.reduce((sum, tier) => sum + (tier.quantity ?? 0), 0)
  if (seats + quantity === 0)
    errors.push({ pointer: `${at}/tiers`, detail: 'have nothing to sell: no seat, no quantity' })
  const uncovered = categories.filter(({ name, seat_count }) => seat_count > 0 && !sold.has(name))
  if (uncovered.length > 0) {
    const names = uncovered.map(({ name, seat_count }) => `${name} (${seat_count})`).join(', ')
    warnings.push({ pointer: `${at}/tiers`, detail: `No tier sells the seats of ${names}` })
  }
}
