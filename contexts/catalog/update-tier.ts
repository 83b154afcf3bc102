import type { ChartCategorySummary, Tier, TierChange, TierInput } from '@tessera/contracts/http/catalog'
import type { ChargeLimits } from '@tessera/contracts/pricing/chargeable'
import { loadSql, type Tx } from '#platform/db'
import { announce } from './announce.ts'
import { type TierRow, tierOf } from './event-row.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { lockEvent, touchEvent } from './lock-event.ts'
import { unsellable } from './publishable.ts'
import { readTier } from './tier-terms.ts'

const sql = loadSql(import.meta.url, ['tier', 'update_tier'])

type Deps = { tx: Tx; charge_limits: ChargeLimits }

type Row = Omit<TierRow, 'sale_end'> & {
  /** Null: until the start. */
  sale_end: string | null
  start_time: string
  chart_categories: ChartCategorySummary[] | null
  now: string
}

type UpdateTierOutcome =
  | { kind: 'updated'; tier: Tier }
  | { kind: 'not-found' }
  /** The event changed since the version in `If-Match`. */
  | { kind: 'changed-meanwhile' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }

/**
 * Changes a tier; a published one is announced at once. Holds keep their price. A published tier keeps its capacity:
 * its categories stay and its quantity only grows; block seats or a quantity to sell fewer. Limits that no order can
 * meet and prices that cannot be charged are refused here as at publication.
 */
export async function updateTier(
  { tx, charge_limits }: Deps,
  input: {
    organization_id: string
    event_id: string
    tier_id: string
    change: TierChange
    /** True when the caller's `If-Match` names this version of the event. Absent: no condition. */
    matches?: (version: number) => boolean
  },
): Promise<UpdateTierOutcome> {
  const { change, tier_id } = input
  const event = await lockEvent(tx, input)
  const tier = await tx.maybe<Row>(sql.tier, input)
  if (event === undefined || tier === undefined) return { kind: 'not-found' }
  if (input.matches !== undefined && !input.matches(event.version)) return { kind: 'changed-meanwhile' }
  const categories = tier.chart_categories?.map(({ name }) => name) ?? null
  const frame = { currency: event.currency, categories, start_time: tier.start_time, now: tier.now }
  const read = readTier(changed(tier, change), frame)
  if (read.kind === 'invalid-input') return invalidInput(read.errors)
  if (event.status === 'cancelled') return { kind: 'conflict', detail: 'The event was cancelled.' }
  const unsellableNow =
    tier.published_at === null ? [] : unsellable(read.terms, tier.chart_categories ?? [], charge_limits, '')
  if (unsellableNow.length > 0) return invalidInput(unsellableNow)
  const broken = tier.published_at === null ? undefined : brokenPromise(tier, change)
  if (broken !== undefined) return { kind: 'conflict', detail: broken }
  const row = await tx.one<TierRow>(sql.update_tier, { tier_id, ...read.terms })
  await touchEvent(tx, event.id, false)
  if (tier.published_at !== null) await announce(tx, [tier.performance_id])
  return { kind: 'updated', tier: tierOf(row) }
}

function changed(tier: Row, change: TierChange): TierInput {
  return {
    name: tier.name,
    price: { amount: tier.amount, currency: tier.currency },
    ...(tier.categories === null ? {} : { categories: tier.categories }),
    ...(tier.quantity === null ? {} : { quantity: tier.quantity }),
    sale_start: tier.sale_start,
    sale_end: tier.sale_end,
    min_per_order: tier.min_per_order,
    max_per_order: tier.max_per_order,
    max_per_person: tier.max_per_person,
    ...change,
  }
}

function brokenPromise(tier: Row, change: TierChange): string | undefined {
  if (change.quantity !== undefined && tier.quantity !== null && change.quantity < tier.quantity) {
    return 'On sale a quantity only grows; block a quantity to sell fewer.'
  }
  const kept = change.categories === undefined || sameNames(change.categories, tier.categories ?? [])
  return kept ? undefined : 'The categories of a tier on sale stay; add another tier.'
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name))
}
