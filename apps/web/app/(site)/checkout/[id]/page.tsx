import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { bookingWithEvent } from '../../../../api/booking-page.ts'
import { currentUser } from '../../../../api/visitor.ts'
import { NoAccess } from '../../../../features/account/no-access.tsx'
import { BuyersBooking } from '../../../../features/checkout/buyers-booking.tsx'
import { Checkout } from '../../../../features/checkout/checkout.tsx'
import { OrderSummary } from '../../../../features/checkout/order-summary.tsx'
import { paths } from '../../../../paths.ts'
import { Notice } from '../../../../ui/notice.tsx'

export const metadata: Metadata = { title: 'Checkout', robots: { index: false } }

/** Holds are this long by default; the ring only needs a full circle to start from. */
const HOLD_MS_USUAL = 300_000

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ payment?: string }> }

export default async function CheckoutPage({ params, searchParams }: Props) {
  const [{ id }, { payment }] = await Promise.all([params, searchParams])
  const found = await bookingWithEvent(id)
  if (found.kind === 'refused')
    return (
      <NoAccess title="Your order" user={found.user}>
        We cannot find this order here. It belongs to another account or device: sign in there, or open it by its order
        link.
      </NoAccess>
    )
  const { booking, event, performance } = found.value
  if (booking.status === 'confirmed' || booking.status === 'cancelled') redirect(paths.order(id))
  if (!booking.own) return <BuyersBooking booking={booking} event={event} />
  const now_ms = Date.parse(booking.server_time)
  const left_ms = Date.parse(booking.hold_expires_at) - now_ms
  return (
    <Checkout
      booking={booking}
      end_time={performance.end_time}
      user={await currentUser()}
      unreached={payment === 'unavailable'}
      hold_ms={Math.max(HOLD_MS_USUAL, left_ms)}
      rendered_at={now_ms}
      summary={
        <>
          {process.env.TESSERA_PAYMENTS === 'simulated' && (
            <Notice tone="warn">Payments are simulated here: nobody is charged, whatever card is given.</Notice>
          )}
          <OrderSummary booking={booking} event={event} />
        </>
      }
    />
  )
}
