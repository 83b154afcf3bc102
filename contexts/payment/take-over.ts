import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import { type Db, loadSql } from '#platform/db'
import { paymentById } from './payment.ts'

const sql = loadSql(import.meta.url, ['take_over'])

/**
 * A guest's payment whose booking belongs to an account by now becomes the account's, when the account asks for it. True
 * if it did. Booking alone knows who owns it.
 */
export async function takeOver(
  deps: { db: Db; booking: Pick<BookingRpc, 'owner'> },
  payment_id: string,
  user_id: string,
): Promise<boolean> {
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined || payment.user_id === user_id) return false
  const owner = await deps.booking.owner({ booking_id: payment.booking_id })
  if (owner?.user_id !== user_id) return false
  return (await deps.db.maybe(sql.take_over, { payment_id, user_id })) !== undefined
}
