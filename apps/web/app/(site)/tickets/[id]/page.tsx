import { fullName } from '@tessera/contracts/person-name'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTicket } from '../../../../api/operations.ts'
import { seen } from '../../../../api/seen.ts'
import { NoAccess } from '../../../../features/account/no-access.tsx'
import { TicketCard } from '../../../../features/order/ticket-card.tsx'
import { StayAwake } from '../../../../features/tickets/stay-awake.tsx'
import { paths } from '../../../../paths.ts'
import { shortWhen, timeOf, untilWhen } from '../../../../ui/when.ts'

export const metadata: Metadata = { title: 'Your ticket', robots: { index: false } }

export default async function TicketPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const found = await seen((visitor) => getTicket(id, undefined, visitor))
  if (found.kind === 'refused')
    return (
      <NoAccess title="Your ticket" user={found.user}>
        This ticket belongs to another account or device. Sign in there, or open its order by the order link.
      </NoAccess>
    )
  const ticket = found.value
  const { performance } = ticket
  const zone = performance.venue.time_zone
  const now_ms = Date.now()
  return (
    <div className="wrap flex flex-col items-center gap-6 pt-6 md:pt-10">
      <StayAwake />
      <h1 className="sr-only">Ticket for {performance.title}</h1>
      <TicketCard
        title={performance.title}
        genre={performance.genre}
        when={`${shortWhen(performance.start_time, zone, now_ms)}${untilWhen(performance, zone, now_ms)}`}
        doors={performance.doors_time && timeOf(performance.doors_time, zone)}
        venue={performance.venue.name}
        city={performance.venue.city}
        label={ticket.seat?.label ?? ticket.tier.name}
        restricted_view={ticket.seat?.restricted_view ?? false}
        tier={ticket.tier.name}
        holder={ticket.holder && fullName(ticket.holder)}
        qr={paths.qr(ticket.id)}
        short_code={ticket.short_code}
        count={`${ticket.position} of ${ticket.of}`}
        status={ticket.status}
      />
      <p className="text-center text-14 text-balance text-ink-2">
        Turn the brightness up at the door. The screen stays on.
      </p>
      <div className="flex flex-wrap justify-center gap-2.5">
        <a className="chip" href={paths.pdf(ticket.id)}>
          PDF
        </a>
        <a className="chip" href={paths.calendar(ticket.booking_id)}>
          Calendar
        </a>
        <Link className="chip" href={paths.order(ticket.booking_id)}>
          The whole order
        </Link>
      </div>
    </div>
  )
}
