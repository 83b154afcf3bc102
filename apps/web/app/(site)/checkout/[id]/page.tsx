import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { bookingWithEvent } from '../../../../api/booking-page.ts'
import { currentUser } from '../../../../api/visitor.ts'
import { SessionGate } from '../../../../features/account/session-gate.tsx'
import { Checkout, HoldOver } from '../../../../features/checkout/checkout.tsx'
import { OrderSummary } from '../../../../features/checkout/order-summary.tsx'
import { paths } from '../../../../paths.ts'

export const metadata: Metadata = { title: 'Checkout', robots: { index: false } }

/** Holds are this long by default; the ring only needs a full circle to start from. */
const HOLD_MS_USUAL = 300_000

type Props = { params: Promise<{ id: string }> }

export default async function CheckoutPage({ params }: Props) {
  const { id } = await params
  const found = await bookingWithEvent(id)
  if (!found)
    return (
      <SessionGate title="Your order">
        We could not find this order on this device. Sign in, or open it by its order link.
      </SessionGate>
    )
  const { booking, event, performance } = found
  if (booking.status === 'confirmed' || booking.status === 'cancelled') redirect(paths.order(id))
  if (booking.status !== 'held') return <HoldOver performance_id={performance.id} />
  const now_ms = Date.parse(booking.server_time)
  const left_ms = Date.parse(booking.hold_expires_at) - now_ms
  return (
    <Checkout
      booking={booking}
      performance_id={performance.id}
      user={await currentUser()}
      declined={booking.payments.some((payment) => payment.status === 'failed')}
      hold_ms={Math.max(HOLD_MS_USUAL, left_ms)}
      rendered_at={now_ms}
      summary={<OrderSummary booking={booking} event={event} />}
    />
  )
}
