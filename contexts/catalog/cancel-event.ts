import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'
import { lockEvent } from './lock-event.ts'

const sql = loadSql(import.meta.url, ['cancel_performances', 'announced', 'cancel_event'])

const announceCancellation = publisher<CatalogEvents>()

type Deps = { tx: Tx }

type CancelEventOutcome = { kind: 'cancelled' } | { kind: 'not-found' }

/**
 * Cancels the event and all its performances, permanently; repeating it changes nothing. Published performances are
 * announced as cancelled, and booking refunds them. A cancelled draft is not announced.
 */
export async function cancelEvent(
  { tx }: Deps,
  input: { organization_id: string; event_id: string },
): Promise<CancelEventOutcome> {
  const event = await lockEvent(tx, input)
  if (event === undefined) return { kind: 'not-found' }
  if (event.status === 'cancelled') return { kind: 'cancelled' }
  const { organization_id, id: event_id } = event
  await tx.none(sql.cancel_performances, { event_id })
  const performance_ids = (await tx.many<{ id: string }>(sql.announced, { event_id })).map((row) => row.id)
  const cancellation_event_id =
    event.published_at === null
      ? null
      : await announceCancellation(tx, 'catalog.event_cancelled', event_id, {
          event_id,
          organization_id,
          performance_ids,
        })
  await tx.none(sql.cancel_event, { event_id, cancellation_event_id })
  return { kind: 'cancelled' }
}
