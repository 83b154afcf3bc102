import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import type { IssuedTicket, TicketingEvents } from '@tessera/contracts/events/ticketing'
import { type Consumer, consumer, type Envelope } from '#platform/bus'
import type { Tx } from '#platform/db'
import { knowPerformance, knowTickets, voidTickets } from './know.ts'
import type { Performances } from './performances.ts'

type TicketsIssued = TicketingEvents['ticketing.tickets_issued']

export function consumers({ performances }: { performances: Performances }): Consumer[] {
  const know = consumer<CatalogEvents & TicketingEvents>(
    'checkin.know',
    'idempotent',
    {
      'catalog.performance_published': (tx, event) => knowPerformance(tx, event.payload),
      'ticketing.tickets_issued': (tx, event) => knowTickets(tx, event.payload.tickets.map(asActive)),
      'ticketing.tickets_voided': (tx, event) => voidTickets(tx, event.payload),
    },
    (events) => {
      for (const event of events) if (event.topic === 'catalog.performance_published') performances.forget(event.key)
    },
  )
  return [{ ...know, handleAll: (tx, events) => knowInRuns(tx, events, know.handle) }]
}

/** Handles consecutive `tickets_issued` events together, every other event alone, in the order of the events. */
async function knowInRuns(tx: Tx, events: readonly Envelope[], handle: Consumer['handle']): Promise<void> {
  let issued: IssuedTicket[] = []
  const flush = async (): Promise<void> => {
    if (issued.length > 0) await knowTickets(tx, issued.map(asActive))
    issued = []
  }
  for (const event of events) {
    if (event.topic === 'ticketing.tickets_issued') {
      issued.push(...(event as Envelope<string, TicketsIssued>).payload.tickets)
    } else {
      await flush()
      await handle(tx, event)
    }
  }
  await flush()
}

function asActive(ticket: IssuedTicket): IssuedTicket & { status: 'active' } {
  return { ...ticket, status: 'active' }
}
