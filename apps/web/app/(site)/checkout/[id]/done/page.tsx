import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { bookingWithEvent } from '../../../../../api/booking-page.ts'
import { NoAccess } from '../../../../../features/account/no-access.tsx'
import { BuyersBooking } from '../../../../../features/checkout/buyers-booking.tsx'
import { WaitingPage } from '../../../../../features/checkout/waiting-page.tsx'
import { paths } from '../../../../../paths.ts'

export const metadata: Metadata = { title: 'Your payment', robots: { index: false } }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ payment?: string; redirect_status?: string }> }

export default async function DonePage({ params, searchParams }: Props) {
  const [{ id }, { payment, redirect_status }] = await Promise.all([params, searchParams])
  const found = await bookingWithEvent(id)
  if (found.kind === 'refused')
    return (
      <NoAccess title="Your payment" user={found.user}>
        We cannot find this order here. It belongs to another account or device: sign in there, or open it by its order
        link.
      </NoAccess>
    )
  const { booking, event, performance } = found.value
  if (booking.status === 'confirmed' || booking.status === 'cancelled') redirect(paths.order(id))
  if (!booking.own) return <BuyersBooking booking={booking} event={event} />
  return (
    <WaitingPage
      booking={booking}
      end_time={performance.end_time}
      hints={{
        gave_up: redirect_status === 'canceled' || redirect_status === 'failed',
        paid: payment === 'paid' || redirect_status === 'succeeded',
      }}
      rendered_at={Date.parse(booking.server_time)}
    />
  )
}
