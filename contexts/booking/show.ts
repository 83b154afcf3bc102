import type { Booking, Cancellation } from '@tessera/contracts/http/booking'
import { money } from '@tessera/contracts/money'
import { orderNumberOf } from '@tessera/contracts/order-number'
import type { PaymentSummary, RefundState } from '@tessera/contracts/rpc/payment'
import type { Principal } from '#platform/auth'
import { ownedBy } from './adopt.ts'
import type { Deps } from './deps.ts'
import { heldBody } from './lines.ts'
import { orderToken, orderTokenFits } from './order-link.ts'
import { type BookingRow, readBooking } from './read.ts'

/** True when members of the booking's organization may see it. */
function mayRead(deps: Pick<Deps, 'access'>, principal: Principal, booking: BookingRow): Promise<boolean> {
  return deps.access.mayIn(principal, 'sales:read:own', {
    organization_id: booking.organization_id,
    event_id: booking.event_id,
  })
}

/**
 * The booking if this principal or this order link may see it; one that they may not see is answered like an unknown
 * one. `own`: read by its owner or the bearer of its link; only these receive the link. Staff see the booking without it.
 */
export async function readableBooking(
  deps: Pick<Deps, 'db' | 'reads' | 'access' | 'secrets' | 'keys' | 'delivered'>,
  booking_id: string,
  principal: Principal | null,
  order_token: string | undefined,
): Promise<{ booking: BookingRow; own: boolean } | undefined> {
  const booking = await readBooking(deps.reads, booking_id)
  if (booking === undefined) return undefined
  const owned = principal === null ? undefined : await ownedBy(deps, booking, principal.user_id)
  if (owned !== undefined) return { booking: owned, own: true }
  if (order_token !== undefined && orderTokenFits(deps, booking, order_token)) return { booking, own: true }
  return principal !== null && (await mayRead(deps, principal, booking)) ? { booking, own: false } : undefined
}

/**
 * A booking as its reader may see it. Tickets and payments come from their contexts; while one is unavailable, its list
 * is empty.
 */
export async function showBooking(deps: Deps, booking: BookingRow, own: boolean): Promise<Booking> {
  const { booking_id } = booking
  const [sale, tickets, payments] = await Promise.all([
    deps.on_sale.loadByNo(booking.performance_no),
    booking.status === 'held'
      ? []
      : deps.rpc.ticketing.tickets_of({ booking_id }).catch(emptyOnFailure(deps, 'ticketing')),
    // A free booking has no payments.
    booking.total === 0
      ? []
      : deps.rpc.payment.payments_of({ booking_ids: [booking_id] }).catch(emptyOnFailure(deps, 'payment')),
  ])
  const access_token = own && booking.status !== 'held' ? orderToken(deps, booking) : null
  return {
    id: booking_id,
    number: orderNumberOf(booking_id),
    ...heldBody(booking, sale),
    performance_id: booking.performance_id,
    event_id: booking.event_id,
    title: booking.title,
    start_time: booking.start_time,
    server_time: booking.db_now,
    own,
    tickets,
    payments: payments.map(({ booking_id: _, ...payment }) => payment),
    performance_status: booking.performance_status,
    ...cancellationOf(booking, payments, sale.currency),
    ...(access_token === null
      ? {}
      : { access_token, order_url: `${deps.config.public_origin}/orders/${booking_id}?access=${access_token}` }),
  }
}

function cancellationOf(
  booking: BookingRow,
  payments: readonly PaymentSummary[],
  currency: string,
): { cancellation?: Cancellation } {
  const { cancellation_reason, cancelled_at, refund_percent, refund_amount } = booking
  if (cancellation_reason === null || cancelled_at === null) return {}
  const refunds = payments
    .flatMap((payment) => payment.refunds)
    .filter((refund) => refund.reason === 'cancellation' || refund.reason === 'event_cancelled')
  const requested = refunds.reduce((sum, refund) => sum + refund.amount.amount, 0)
  return {
    cancellation: {
      reason: cancellation_reason === 'buyer' ? 'buyer' : 'event_cancelled',
      cancelled_at,
      refund_percent: refund_percent ?? 0,
      refund: money(refund_amount ?? requested, currency),
      refund_state: refund_amount === null && refunds.length === 0 ? 'pending' : leastDone(refunds),
    },
  }
}

const LEAST_DONE_FIRST: readonly RefundState[] = [
  'returned',
  'failed',
  'awaiting_dispute',
  'pending',
  'superseded',
  'refunded_elsewhere',
  'succeeded',
]

function leastDone(refunds: readonly { state: RefundState }[]): Cancellation['refund_state'] {
  return LEAST_DONE_FIRST.find((state) => refunds.some((refund) => refund.state === state)) ?? 'none'
}

function emptyOnFailure(deps: Pick<Deps, 'telemetry'>, context: string): (error: unknown) => never[] {
  return (error) => {
    deps.telemetry.log.warn({ err: error, context }, 'the booking is shown without its data')
    return []
  }
}
