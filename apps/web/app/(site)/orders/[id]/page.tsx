import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { Booking, Ticket } from '../../../../api/bodies.ts'
import { bookingWithEvent } from '../../../../api/booking-page.ts'
import { getTicket } from '../../../../api/operations.ts'
import { asVisitor, currentUser } from '../../../../api/visitor.ts'
import { NoAccess } from '../../../../features/account/no-access.tsx'
import { BuyersBooking } from '../../../../features/checkout/buyers-booking.tsx'
import { WaitingPage } from '../../../../features/checkout/waiting-page.tsx'
import { OrderPage } from '../../../../features/order/order-page.tsx'
import { paths } from '../../../../paths.ts'

/** The address of an order may carry the secret of its link: it must not travel on in a referrer. */
export const metadata: Metadata = { title: 'Your tickets', robots: { index: false }, referrer: 'no-referrer' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ access?: string }> }

export default async function Page({ params, searchParams }: Props) {
  const [{ id }, { access }] = await Promise.all([params, searchParams])
  const found = await bookingWithEvent(id, access)
  if (found.kind === 'refused')
    return (
      <NoAccess title="Your tickets" user={found.user}>
        We cannot find this order here. It belongs to another account or device: sign in there, or open it by its order
        link.
      </NoAccess>
    )
  const { booking, event, performance } = found.value
  if (booking.status === 'held') redirect(paths.checkout(id))
  if (!booking.own) return <BuyersBooking booking={booking} event={event} />
  if (booking.status === 'expired' || booking.status === 'released') {
    const rendered_at = Date.parse(booking.server_time)
    return <WaitingPage booking={booking} end_time={performance.end_time} hints={{}} rendered_at={rendered_at} />
  }
  const [user, tickets] = await Promise.all([currentUser(), ticketsOf(booking, access)])
  const owner = user !== null && (access === undefined || (await isOwner(id)))
  return (
    <OrderPage
      booking={booking}
      event={event}
      performance={performance}
      tickets={tickets}
      email={owner && !user.guest ? user.email : null}
      access={access}
      owner={owner}
      now_ms={Date.now()}
    />
  )
}

/** Without the link, by which another account may read it, too. */
async function isOwner(id: string): Promise<boolean> {
  const found = await bookingWithEvent(id)
  return found.kind === 'seen' && found.value.booking.own
}

/** Names and codes of the tickets by their ids; a ticket that cannot be read is shown without. */
async function ticketsOf(booking: Booking, access: string | undefined): Promise<ReadonlyMap<string, Ticket>> {
  const visitor = await asVisitor()
  const read = await Promise.allSettled(booking.tickets.map(({ id }) => getTicket(id, access, visitor)))
  return new Map(read.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.id, one.value] as const] : [])))
}
