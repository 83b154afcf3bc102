import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { PaymentSummary } from '@tessera/contracts/rpc/payment'
import type { Access, Principal } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import { type Payment, paymentById } from './payment.ts'
import { summariesOf } from './summary.ts'

type Deps = { db: Db; access: Access<Permission>; rpc: { booking: BookingRpc } }

const sql = loadSql(import.meta.url, ['payments_of'])

/**
 * A payment for one who may know of it: whoever owns the booking now, or people of the organization with
 * insight into its sales. Null for everyone else, as for a payment that does not exist.
 */
export async function readPayment(
  deps: Deps,
  principal: Principal,
  payment_id: string,
): Promise<PaymentSummary | null> {
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined || !(await mayRead(deps, principal, payment))) return null
  const [summary] = await summariesOf(deps.db, [payment])
  return summary ?? null
}

async function mayRead(deps: Deps, principal: Principal, payment: Payment): Promise<boolean> {
  const { organization_id, event_id } = payment
  if (await deps.access.mayIn(principal, 'sales:read:own', { organization_id, event_id })) return true
  const owner = await deps.rpc.booking.owner({ booking_id: payment.booking_id })
  return (owner ?? payment).user_id === principal.user_id
}

/** Every payment of these bookings, oldest first within a booking. */
export async function paymentsOf(deps: { db: Db }, booking_ids: readonly string[]): Promise<PaymentSummary[]> {
  if (booking_ids.length === 0) return []
  return summariesOf(deps.db, await deps.db.many<Payment>(sql.payments_of, { booking_ids }))
}
