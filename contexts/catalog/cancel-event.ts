import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'
import { lockEvent } from './lock-event.ts'

const sql = loadSql(import.meta.url, ['clock', 'is_over', 'cancel_performances', 'cancelled', 'cancel_event'])

const announceCancellation = publisher<CatalogEvents>()

type Deps = { tx: Tx }

type CancelEventOutcome =
  | { kind: 'cancelled' }
  | { kind: 'not-found' }
  /** It was published and every performance has ended: there is nothing left to cancel. */
  | { kind: 'conflict'; detail: string }

/**
 * Cancels the event and every performance that has not ended, permanently; repeating it changes nothing. Published
 * performances that have ended stay as they are, with their tickets and money. The database's clock decides once, here:
 * booking closes and refunds exactly the performances that the announcement names, even if one ends before it is
 * delivered. A cancelled draft is not announced.
 */
export async function cancelEvent(
  { tx }: Deps,
  input: { organization_id: string; event_id: string },
): Promise<CancelEventOutcome> {
  const event = await lockEvent(tx, input)
  if (event === undefined) return { kind: 'not-found' }
  if (event.status === 'cancelled') return { kind: 'cancelled' }
  const { organization_id, id: event_id } = event
  const { cancelled_at } = await tx.one<{ cancelled_at: string }>(sql.clock)
  const { is_over } = await tx.one<{ is_over: boolean }>(sql.is_over, { event_id, cancelled_at })
  if (event.status === 'published' && is_over)
    return { kind: 'conflict', detail: 'Every performance of this event has ended; there is nothing left to cancel.' }
  await tx.none(sql.cancel_performances, { event_id, cancelled_at })
  const performance_ids = (await tx.many<{ id: string }>(sql.cancelled, { event_id })).map((row) => row.id)
  const cancellation_event_id =
    event.status === 'draft'
      ? null
      : await announceCancellation(tx, 'catalog.event_cancelled', event_id, {
          event_id,
          organization_id,
          performance_ids,
        })
  await tx.none(sql.cancel_event, { event_id, cancelled_at, cancellation_event_id })
  return { kind: 'cancelled' }
}
