import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import type { TicketingEvents } from '@tessera/contracts/events/ticketing'
import { type Consumer, consumer } from '#platform/bus'
import { knowPerformance, knowTickets, voidTickets } from './know.ts'
import type { Performances } from './performances.ts'

export function consumers({ performances }: { performances: Performances }): Consumer[] {
  return [
    consumer<CatalogEvents & TicketingEvents>(
      'checkin.know',
      'idempotent',
      {
        'catalog.performance_published': (tx, event) => knowPerformance(tx, event.payload),
        'ticketing.tickets_issued': (tx, event) =>
          knowTickets(
            tx,
            event.payload.tickets.map((ticket) => ({ ...ticket, status: 'active' as const })),
          ),
        'ticketing.tickets_voided': (tx, event) => voidTickets(tx, event.payload),
      },
      (events) => {
        for (const event of events) if (event.topic === 'catalog.performance_published') performances.forget(event.key)
      },
    ),
  ]
}
