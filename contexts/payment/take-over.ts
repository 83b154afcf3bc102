import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import { type Db, loadSql } from '#platform/db'
import { paymentById } from './payment.ts'

const sql = loadSql(import.meta.url, ['take_over'])

/**
 * A guest's payment whose booking belongs to an account by now becomes the account's, when the account asks for it. True
 * if it is by now. Booking alone knows who owns it.
 */
export async function takeOver(
  deps: { db: Db; rpc: { booking: Pick<BookingRpc, 'owner'> } },
  payment_id: string,
  user_id: string,
): Promise<boolean> {
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined) return false
  if (payment.user_id === user_id) return true
  const owner = await deps.rpc.booking.owner({ booking_id: payment.booking_id })
  if (owner?.user_id !== user_id) return false
  await deps.db.none(sql.take_over, { payment_id, user_id })
  return (await paymentById(deps.db, payment_id))?.user_id === user_id
}
