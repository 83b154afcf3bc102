import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents, EventCancelled, PerformancePublished } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer, type Envelope } from '#platform/bus'
import type { RealtimeDeps } from './deps.ts'
import { forgetCancelled, learn, project, strokes } from './project.ts'

type Topic = keyof BookingEvents

export function consumers(deps: RealtimeDeps): Consumer[] {
  const painters: Partial<Record<Topic, (tx: Parameters<typeof project>[0], event: Envelope) => Promise<void>>> = {}
  for (const topic of Object.keys(strokes) as Topic[]) {
    const stroke = strokes[topic] as ((payload: unknown) => Parameters<typeof project>[2]) | undefined
    if (stroke !== undefined) painters[topic] = (tx, event) => project(tx, event.key, stroke(event.payload))
  }
  const learnt = (performance_id: string): void => deps.signals.send('realtime.learnt', { performance_id })
  return [
    consumer<BookingEvents>('realtime.project', painters as Parameters<typeof consumer<BookingEvents>>[1], (events) => {
      for (const performance_id of new Set(events.map((event) => event.key)))
        deps.signals.send('realtime.changed', { performance_id })
    }),
    consumer<CatalogEvents>(
      'realtime.learn',
      {
        'catalog.performance_published': (tx, event) => learn(tx, event),
        'catalog.event_cancelled': (tx, event) => forgetCancelled(tx, event.payload.performance_ids),
      },
      (events) => {
        for (const event of events) {
          if (event.topic === 'catalog.performance_published')
            learnt((event as Envelope<string, PerformancePublished>).payload.performance_id)
          else for (const id of (event as Envelope<string, EventCancelled>).payload.performance_ids) learnt(id)
        }
      },
    ),
  ]
}
