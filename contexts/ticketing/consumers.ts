import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer } from '#platform/bus'
import { adoptTickets } from './adopt.ts'
import { issue } from './issue.ts'
import { learnPerformance } from './learn-performance.ts'
import { voidTickets } from './void.ts'

export function consumers(): Consumer[] {
  return [
    consumer<BookingEvents>('ticketing.issue', { 'booking.confirmed': (tx, event) => issue(tx, event.payload) }),
    consumer<BookingEvents>('ticketing.void', { 'booking.cancelled': (tx, event) => voidTickets(tx, event.payload) }),
    consumer<BookingEvents>('ticketing.adopt', {
      'booking.owner_changed': (tx, event) => adoptTickets(tx, event.payload),
    }),
    consumer<CatalogEvents>('ticketing.learn-performance', {
      'catalog.performance_published': (tx, event) => learnPerformance(tx, event.payload),
    }),
  ]
}
