import type { Performance, PerformanceInput } from '@tessera/contracts/http/catalog'
import { isId, newId } from '@tessera/contracts/ids'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Queryable } from '#platform/db'
import { type PerformanceRow, performanceOf } from './event-row.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { lockEvent, touchEvent } from './lock-event.ts'
import { localDate } from './moment.ts'
import { readTimes } from './performance-times.ts'

const sql = loadSql(import.meta.url, ['chart_venue', 'performance_count', 'insert_performance'])

/** Longer series are several events. */
const PERFORMANCES_MAX = 1_000

type Deps = { tx: Queryable }

type AddPerformanceOutcome =
  | { kind: 'added'; performance: Performance }
  /** No such event, or no such chart, in this organization. */
  | { kind: 'not-found' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }

/** A draft performance; the next publication includes it. `tx` acts for `organization_id`. */
export async function addPerformance(
  { tx }: Deps,
  input: PerformanceInput & { organization_id: string; event_id: string },
): Promise<AddPerformanceOutcome> {
  const event = await lockEvent(tx, input)
  if (event === undefined) return { kind: 'not-found' }
  const errors: FieldError[] = []
  const times = readTimes(errors, input)
  if (times === undefined || errors.length > 0) return invalidInput(errors)
  if (event.status === 'cancelled') return { kind: 'conflict', detail: 'The event was cancelled.' }
  const chart_id = input.chart_id ?? null
  if (chart_id !== null) {
    const own = { chart_id, organization_id: event.organization_id }
    const chart = isId('cht', chart_id) ? await tx.maybe<{ venue_id: string }>(sql.chart_venue, own) : undefined
    if (chart === undefined) return { kind: 'not-found' }
    if (chart.venue_id !== event.venue_id) {
      return invalidInput([{ pointer: '/chart_id', detail: 'is a chart of another venue than the event’s' }])
    }
  }
  const { count } = await tx.one<{ count: number }>(sql.performance_count, { event_id: event.id })
  if (count >= PERFORMANCES_MAX) {
    return { kind: 'conflict', detail: `An event has at most ${PERFORMANCES_MAX} performances.` }
  }
  const row = await tx.one<PerformanceRow>(sql.insert_performance, {
    id: newId('perf'),
    organization_id: event.organization_id,
    event_id: event.id,
    venue_id: event.venue_id,
    chart_id,
    ...times,
    local_date: localDate(times.start_time, event.time_zone),
  })
  await touchEvent(tx, event.id, true)
  return { kind: 'added', performance: performanceOf(row, event.time_zone, []) }
}
