import type { PromisedRefund, RefundRequest } from '@tessera/contracts/rpc/payment'
import { loadSql, type Queryable, type Tx } from '#platform/db'

export type CancelledRow = { booking_id: string; performance_no: number; freed: number[]; event_id: string }

/** The refund terms of a cancellation. */
export type CancellationTerms = {
  cancellation_id: string
  booking_id: string
  reason: 'buyer' | 'event-cancelled'
  refund_percent: number
}

const sql = loadSql(import.meta.url, ['cancel_bookings', 'note_refunded'])

/** Cancels bookings that have a recorded cancellation, in the caller's transaction. */
export async function cancelBookings(tx: Tx, booking_ids: readonly string[]): Promise<CancelledRow[]> {
  const rows = await tx.many<CancelledRow>(sql.cancel_bookings, { booking_ids })
  if (rows.length > 0) tx.markPublished('booking.cancelled')
  return rows
}

/** What payment is asked for; repeated for the same cancellation it gets the same promise. */
export function refundRequest(cancellation: CancellationTerms): RefundRequest {
  const { booking_id, cancellation_id, refund_percent: percent, reason } = cancellation
  return {
    booking_id,
    cancellation_id,
    percent,
    reason: reason === 'buyer' ? 'cancellation' : 'event-cancelled',
  }
}

/**
 * Records the promised refunds: from now on the refunds of each cancellation must add up to its promise. Resolves to
 * the cancellations for which none was recorded before.
 */
export async function noteRefunds(
  db: Queryable,
  promises: readonly { cancellation_id: string; promised: PromisedRefund }[],
): Promise<string[]> {
  const noted = await db.many<{ cancellation_id: string }>(sql.note_refunded, {
    cancellation_ids: promises.map((one) => one.cancellation_id),
    refund_amounts: promises.map((one) => one.promised.refund?.amount ?? 0),
    waiting: promises.map((one) => one.promised.waits_for_dispute),
  })
  return noted.map((row) => row.cancellation_id)
}
