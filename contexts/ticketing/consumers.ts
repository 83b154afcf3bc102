import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer } from '#platform/bus'
import { adoptTickets } from './adopt.ts'
import type { Deps } from './deps.ts'
import { issue } from './issue.ts'
import { forgetPerformances, learnPerformance } from './learn-performance.ts'
import { announceVoided } from './prints.ts'
import { voidTickets } from './void.ts'

/** Under load each batch of tickets is shared by the orders of this time; the first of a quiet moment does not wait. */
const ISSUE_PACE_MS = 10

export function consumers(deps: Pick<Deps, 'signals'>): Consumer[] {
  return [
    consumer<Pick<BookingEvents, 'booking.confirmed'>>(
      'ticketing.issue',
      'idempotent',
      { 'booking.confirmed': (tx, event) => issue(tx, [event.payload]) },
      {
        handleAll: (tx, events) =>
          issue(
            tx,
            events.map((event) => event.payload),
          ),
        pace_ms: ISSUE_PACE_MS,
      },
    ),
    consumer<Pick<BookingEvents, 'booking.cancelled'>>(
      'ticketing.void',
      'idempotent',
      { 'booking.cancelled': (tx, event) => voidTickets(tx, event.payload) },
      {
        committed: (events) =>
          announceVoided(
            deps.signals,
            events.map((event) => event.payload.booking_id),
          ),
      },
    ),
    consumer<BookingEvents>('ticketing.adopt', 'idempotent', {
      'booking.owner_changed': (tx, event) => adoptTickets(tx, event.payload),
    }),
    consumer<CatalogEvents>('ticketing.learn-performance', forgetPerformances, {
      'catalog.performance_published': (tx, event) => learnPerformance(tx, event.payload, event.occurred_at),
    }),
  ]
}
