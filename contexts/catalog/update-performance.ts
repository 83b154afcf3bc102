import type { ChartCategorySummary, PerformanceInput } from '@tessera/contracts/http/catalog'
import { isId } from '@tessera/contracts/ids'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { announce } from './announce.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { type LockedEvent, lockEvent, touchEvent } from './lock-event.ts'
import { localDate } from './moment.ts'
import { readTimes } from './performance-times.ts'

const sql = loadSql(import.meta.url, ['performance', 'chart_of_venue', 'sold_categories', 'update_performance'])

type Deps = { tx: Tx }
type Row = { status: 'draft' | 'published' | 'cancelled'; chart_id: string | null; end_time: string; now: string }

type UpdatePerformanceOutcome =
  | { kind: 'updated' }
  | { kind: 'not-found' }
  /** The event changed since the version in `If-Match`. */
  | { kind: 'changed-meanwhile' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }
  /** Seats are sold by this chart's numbers, so it is fixed. */
  | { kind: 'chart-in-use' }

/**
 * Reschedules a performance; before it is on sale also replaces its chart, if the new one has its tiers' categories.
 * Without `chart_id` the chart stays. A published performance is announced again; one still to come is not moved to where
 * it would have ended, because its buyers could neither cancel nor be refunded any more.
 */
export async function updatePerformance(
  { tx }: Deps,
  input: PerformanceInput & {
    organization_id: string
    event_id: string
    performance_id: string
    /** True when the caller's `If-Match` names this version of the event. Absent: no condition. */
    matches?: (version: number) => boolean
  },
): Promise<UpdatePerformanceOutcome> {
  const event = await lockEvent(tx, input)
  const { performance_id } = input
  const performance = await tx.maybe<Row>(sql.performance, { performance_id, event_id: input.event_id })
  if (event === undefined || performance === undefined) return { kind: 'not-found' }
  if (input.matches !== undefined && !input.matches(event.version)) return { kind: 'changed-meanwhile' }
  const errors: FieldError[] = []
  const times = readTimes(errors, input)
  if (times === undefined || errors.length > 0) return invalidInput(errors)
  if (event.status === 'cancelled') return { kind: 'conflict', detail: 'The event was cancelled.' }
  const { end_time, now } = performance
  if (performance.status === 'published' && end_time > now && times.end_time <= now)
    return invalidInput([{ pointer: '/end_time', detail: 'lies in the past; to call it off, cancel the event' }])
  const chart_id = input.chart_id === undefined ? performance.chart_id : input.chart_id
  if (chart_id !== performance.chart_id) {
    if (performance.status === 'published') return { kind: 'chart-in-use' }
    const refusal = await refuseChart(tx, event, performance_id, chart_id)
    if (refusal !== undefined) return refusal
  }
  const local_date = localDate(times.start_time, event.time_zone)
  await tx.none(sql.update_performance, { performance_id, chart_id, ...times, local_date })
  await touchEvent(tx, event.id, false)
  if (performance.status === 'published') await announce(tx, [performance_id])
  return { kind: 'updated' }
}

async function refuseChart(
  tx: Tx,
  event: LockedEvent,
  performance_id: string,
  chart_id: string | null,
): Promise<UpdatePerformanceOutcome | undefined> {
  const sold = await tx.many<{ name: string }>(sql.sold_categories, { performance_id })
  const { organization_id, venue_id } = event
  if (chart_id !== null && !isId('cht', chart_id)) return { kind: 'not-found' }
  const chart =
    chart_id === null
      ? { categories: [] }
      : await tx.maybe<{ categories: ChartCategorySummary[] }>(sql.chart_of_venue, {
          chart_id,
          organization_id,
          venue_id,
        })
  if (chart === undefined) return { kind: 'not-found' }
  const missing = sold.filter(({ name }) => !chart.categories.some((category) => category.name === name))
  if (missing.length === 0) return undefined
  const names = missing.map(({ name }) => name).join(', ')
  return invalidInput([{ pointer: '/chart_id', detail: `lacks categories that tiers sell: ${names}` }])
}
