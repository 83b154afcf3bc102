import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer } from '#platform/bus'
import { adoptTickets } from './adopt.ts'
import { issue } from './issue.ts'
import { forgetPerformances, learnPerformance } from './learn-performance.ts'
import { voidTickets } from './void.ts'

export function consumers(): Consumer[] {
  return [
    consumer<BookingEvents>('ticketing.issue', 'idempotent', {
      'booking.confirmed': (tx, event) => issue(tx, event.payload),
    }),
    consumer<BookingEvents>('ticketing.void', 'idempotent', {
      'booking.cancelled': (tx, event) => voidTickets(tx, event.payload),
    }),
    consumer<BookingEvents>('ticketing.adopt', 'idempotent', {
      'booking.owner_changed': (tx, event) => adoptTickets(tx, event.payload),
    }),
    consumer<CatalogEvents>('ticketing.learn-performance', forgetPerformances, {
      'catalog.performance_published': (tx, event) => learnPerformance(tx, event.payload),
    }),
  ]
}
