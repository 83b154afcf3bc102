import type { EventListItem, SaleSummary } from '../../api/bodies.ts'
import type { Call } from '../../api/client.ts'
import { listAvailability, listEvents } from '../../api/operations.ts'

export type Card = { event: EventListItem; sale: SaleSummary | undefined }

/** A page of events, each with how its sale stands; without an answer to that the cards say what the list knows. */
export async function cardsPage(query: Parameters<typeof listEvents>[0], call?: Call) {
  const { items, next_cursor } = await listEvents(query, call)
  const ids = items.map((event) => event.id)
  const sales =
    ids.length === 0
      ? []
      : await listAvailability(ids, call).then(
          (page) => page.items,
          () => [],
        )
  const by_event = new Map(sales.map((sale) => [sale.event_id, sale]))
  return { cards: items.map((event): Card => ({ event, sale: by_event.get(event.id) })), next_cursor }
}
