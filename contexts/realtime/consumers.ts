import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer, type EventOf } from '#platform/bus'
import type { Tx } from '#platform/db'
import type { Deps } from './deps.ts'
import { changesByTopic, forgetPerformances, forgetStates, learn, markCancelled, project } from './project.ts'

/** A burst's batches are projected together; the seat state may lag by 200 ms, of which the hub takes 50. */
const PACE_MS = 40

export function consumers(deps: Deps): Consumer[] {
  const learnt = (performance_id: string, event_id: string): void =>
    deps.signals.send('realtime.learnt', { performance_id, event_id })
  const handleAll = async (tx: Tx, events: readonly EventOf<BookingEvents>[]): Promise<void> => {
    for (const [performance_id, own] of Map.groupBy(events, (event) => event.key))
      await project(tx, performance_id, own)
  }
  return [
    {
      name: 'realtime.project',
      topics: Object.keys(changesByTopic),
      reset: forgetStates,
      pace_ms: PACE_MS,
      handle: (tx, event: EventOf<BookingEvents>) => handleAll(tx, [event]),
      handleAll,
      committed: (events) => {
        for (const performance_id of new Set(events.map((event) => event.key))) {
          deps.signals.send('realtime.changed', { performance_id })
        }
      },
    },
    consumer<Pick<CatalogEvents, 'catalog.performance_published' | 'catalog.event_cancelled'>>(
      'realtime.learn',
      forgetPerformances,
      {
        'catalog.performance_published': (tx, event) => learn(tx, event),
        'catalog.event_cancelled': (tx, event) => markCancelled(tx, event.payload.performance_ids),
      },
      {
        committed: (events) => {
          for (const { topic, payload } of events) {
            const ids = topic === 'catalog.event_cancelled' ? payload.performance_ids : [payload.performance_id]
            for (const performance_id of ids) learnt(performance_id, payload.event_id)
          }
        },
      },
    ),
  ]
}
