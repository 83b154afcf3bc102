import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { bookingWithEvent } from '../../../../../api/booking-page.ts'
import { SessionGate } from '../../../../../features/account/session-gate.tsx'
import { WaitingPage } from '../../../../../features/checkout/waiting-page.tsx'
import { paths } from '../../../../../paths.ts'

export const metadata: Metadata = { title: 'Your payment', robots: { index: false } }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ redirect_status?: string }> }

export default async function DonePage({ params, searchParams }: Props) {
  const [{ id }, { redirect_status }] = await Promise.all([params, searchParams])
  const found = await bookingWithEvent(id)
  if (!found)
    return (
      <SessionGate title="Your payment">
        We could not find this order on this device. Sign in, or open it by its order link.
      </SessionGate>
    )
  if (found.booking.status === 'confirmed' || found.booking.status === 'cancelled') redirect(paths.order(id))
  return (
    <WaitingPage
      booking={found.booking}
      performance_id={found.performance.id}
      gave_up={redirect_status === 'canceled' || redirect_status === 'failed'}
      paid={redirect_status === 'succeeded'}
      rendered_at={Date.parse(found.booking.server_time)}
    />
  )
}
