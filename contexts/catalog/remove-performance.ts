import { loadSql, type Queryable } from '#platform/db'
import { lockEvent, touchEvent } from './lock-event.ts'

const sql = loadSql(import.meta.url, ['performance', 'delete_performance'])

type Deps = { tx: Queryable }

type RemovePerformanceOutcome =
  | { kind: 'removed' }
  | { kind: 'not-found' }
  /** It has been on sale: tickets may refer to it. */
  | { kind: 'conflict'; detail: string }

/** Removes a performance that was never published, with its tiers. */
export async function removePerformance(
  { tx }: Deps,
  input: { organization_id: string; event_id: string; performance_id: string },
): Promise<RemovePerformanceOutcome> {
  const event = await lockEvent(tx, input)
  const { event_id, performance_id } = input
  const performance = await tx.maybe<{ revision: number }>(sql.performance, { performance_id, event_id })
  if (event === undefined || performance === undefined) return { kind: 'not-found' }
  if (performance.revision > 0)
    return { kind: 'conflict', detail: 'A performance that was on sale stays; cancel the event instead.' }
  await tx.none(sql.delete_performance, { performance_id })
  await touchEvent(tx, event.id, false)
  return { kind: 'removed' }
}
