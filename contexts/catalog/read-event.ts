import type { Event, Performance, PerformanceDetail, Tier } from '@tessera/contracts/http/catalog'
import { loadSql, type Queryable } from '#platform/db'
import { type EventRow, eventHeadOf, type PerformanceRow, performanceOf, type TierRow, tierOf } from './event-row.ts'

const sql = loadSql(import.meta.url, ['event', 'performances', 'tiers'])

type Deps = { tx: Queryable }

/** `version` for tags and `If-Match`; `pending` when drafts are not published yet. */
export type Standing = { version: number; pending: boolean }

/** The event with its performances and their tiers; without `drafts` only published ones. */
export async function readEvent(
  deps: Deps,
  input: { event_id: string; drafts: boolean },
): Promise<(Standing & { event: Event }) | undefined> {
  const read = await readParts(deps, { ...input, performance_id: null })
  if (read === undefined) return undefined
  const { row, performances } = read
  const event = { ...eventHeadOf(row), cancellation: cancellationOf(row, performances), performances }
  return { version: row.version, pending: row.pending, event }
}

/** A cancellation leaves out what had ended (`cancel-event.ts`); everything else of a cancelled event is cancelled. */
function cancellationOf({ cancelled_at }: EventRow, performances: readonly Performance[]): Event['cancellation'] {
  if (cancelled_at === null) return null
  const ended = performances.filter((performance) => performance.status !== 'cancelled')
  return { cancelled_at, ended_performance_ids: ended.map((performance) => performance.id) }
}

/** One performance with its event's facts. */
export async function readPerformance(
  deps: Deps,
  input: { event_id: string; performance_id: string; drafts: boolean },
): Promise<(Standing & { performance: PerformanceDetail }) | undefined> {
  const read = await readParts(deps, input)
  const performance = read?.performances[0]
  if (read === undefined || performance === undefined) return undefined
  const { row } = read
  return { version: row.version, pending: row.pending, performance: { ...performance, event: eventHeadOf(row) } }
}

async function readParts(
  { tx }: Deps,
  input: { event_id: string; performance_id: string | null; drafts: boolean },
): Promise<{ row: EventRow; performances: Performance[] } | undefined> {
  const row = await tx.maybe<EventRow>(sql.event, input)
  if (row === undefined) return undefined
  const performances = await tx.many<PerformanceRow>(sql.performances, input)
  const tiers = new Map<string, Tier[]>(performances.map((performance) => [performance.id, []]))
  for (const tier of await tx.many<TierRow>(sql.tiers, input)) tiers.get(tier.performance_id)?.push(tierOf(tier))
  return {
    row,
    performances: performances.map((one) => performanceOf(one, row.time_zone, tiers.get(one.id) ?? [])),
  }
}
