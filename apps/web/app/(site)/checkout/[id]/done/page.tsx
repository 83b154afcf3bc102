import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { bookingWithEvent } from '../../../../../api/booking-page.ts'
import { SessionGate } from '../../../../../features/account/session-gate.tsx'
import { WaitingPage } from '../../../../../features/checkout/waiting-page.tsx'
import { paths } from '../../../../../paths.ts'

export const metadata: Metadata = { title: 'Your payment', robots: { index: false } }

export default async function DonePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const found = await bookingWithEvent(id)
  if (!found)
    return (
      <SessionGate title="Your payment">
        We could not find this order on this device. Sign in, or open it from the mail we sent.
      </SessionGate>
    )
  if (found.booking.status === 'confirmed' || found.booking.status === 'cancelled') redirect(paths.order(id))
  return (
    <WaitingPage
      booking={found.booking}
      performance_id={found.performance.id}
      rendered_at={Date.parse(found.booking.server_time)}
    />
  )
}
