import type { ChartCategorySummary, Tier, TierInput } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import { loadSql, type Queryable } from '#platform/db'
import { type TierRow, tierOf } from './event-row.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { lockEvent, touchEvent } from './lock-event.ts'
import { readTier } from './tier-terms.ts'

const sql = loadSql(import.meta.url, ['performance', 'insert_tier'])

const TIERS_MAX = 200

type Deps = { tx: Queryable }

type PerformanceRow = {
  start_time: string
  end_time: string
  chart_categories: ChartCategorySummary[] | null
  now: string
  tier_count: number
}

type AddTierOutcome =
  | { kind: 'added'; tier: Tier }
  | { kind: 'not-found' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }

/**
 * A price for some seats (by category) or for a general-admission quantity. Several tiers of one category are tariffs.
 * The next publication includes it. `tx` acts for `organization_id`.
 */
export async function addTier(
  { tx }: Deps,
  input: TierInput & { organization_id: string; event_id: string; performance_id: string },
): Promise<AddTierOutcome> {
  const event = await lockEvent(tx, input)
  const { event_id, performance_id } = input
  const performance = await tx.maybe<PerformanceRow>(sql.performance, { performance_id, event_id })
  if (event === undefined || performance === undefined) return { kind: 'not-found' }
  const categories = performance.chart_categories?.map(({ name }) => name) ?? null
  const read = readTier(input, { ...performance, currency: event.currency, categories })
  if (read.kind === 'invalid-input') return invalidInput(read.errors)
  if (event.status === 'cancelled') return { kind: 'conflict', detail: 'The event was cancelled.' }
  if (performance.tier_count >= TIERS_MAX) {
    return { kind: 'conflict', detail: `A performance has at most ${TIERS_MAX} tiers.` }
  }
  const row = await tx.one<TierRow>(sql.insert_tier, {
    id: newId('tier'),
    organization_id: event.organization_id,
    event_id,
    performance_id,
    position: performance.tier_count + 1,
    ...read.terms,
  })
  await touchEvent(tx, event.id, true)
  return { kind: 'added', tier: tierOf(row) }
}
