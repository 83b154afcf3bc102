import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import type { IssuedTicket, TicketingEvents } from '@tessera/contracts/events/ticketing'
import { type Consumer, consumer, type EventOf } from '#platform/bus'
import type { Tx } from '#platform/db'
import { knowPerformance, knowTickets, voidTickets } from './know.ts'
import type { Performances } from './performances.ts'

type Known = Pick<CatalogEvents, 'catalog.performance_published'> &
  Pick<TicketingEvents, 'ticketing.tickets_issued' | 'ticketing.tickets_voided'>

/** The door may learn of a ticket this much later, and learns of many together. */
const KNOW_PACE_MS = 50

export function consumers({ performances }: { performances: Performances }): Consumer[] {
  const one = (tx: Tx, event: EventOf<Known>): Promise<void> => know(tx, [event])
  return [
    consumer<Known>(
      'checkin.know',
      'idempotent',
      { 'catalog.performance_published': one, 'ticketing.tickets_issued': one, 'ticketing.tickets_voided': one },
      {
        handleAll: know,
        pace_ms: KNOW_PACE_MS,
        committed: (events) => {
          for (const event of events)
            if (event.topic === 'catalog.performance_published') performances.forget(event.key)
        },
      },
    ),
  ]
}

/** Handles consecutive `tickets_issued` events together, every other event alone, in the order of the events. */
async function know(tx: Tx, events: readonly EventOf<Known>[]): Promise<void> {
  let issued: IssuedTicket[] = []
  const flush = async (): Promise<void> => {
    if (issued.length > 0) await knowTickets(tx, issued.map(asActive))
    issued = []
  }
  for (const { topic, payload } of events) {
    if (topic !== 'ticketing.tickets_issued') await flush()
    switch (topic) {
      case 'ticketing.tickets_issued':
        issued.push(...payload.tickets)
        break
      case 'ticketing.tickets_voided':
        await voidTickets(tx, payload)
        break
      case 'catalog.performance_published':
        await knowPerformance(tx, payload)
        break
    }
  }
  await flush()
}

function asActive(ticket: IssuedTicket): IssuedTicket & { status: 'active' } {
  return { ...ticket, status: 'active' }
}
