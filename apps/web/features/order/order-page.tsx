import { fullName } from '@tessera/contracts/person-name'
import type { Booking, Event, Performance, Ticket } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { shortWhen, timeOf, untilWhen } from '../../ui/when.ts'
import { missingTickets } from '../checkout/missing-tickets.ts'
import { bookingCan } from './booking-can.ts'
import { CancelOrder, ORDER_TITLE_ID } from './cancel-order.tsx'
import { FreshOrder } from './fresh-order.tsx'
import { KeepLink } from './keep-link.tsx'
import { orderGreeting } from './order-greeting.ts'
import { Receipt } from './receipt.tsx'
import { RefundNotice } from './refund-notice.tsx'
import { TicketCard } from './ticket-card.tsx'

type Props = {
  booking: Booking
  event: Event
  performance: Performance
  /** By id: those that could be read. */
  tickets: ReadonlyMap<string, Ticket>
  email: string | null
  access: string | undefined
  /** Whether a session is there to act with; a link alone only shows. */
  owner: boolean
  now_ms: number
}

/** A finished order: its tickets first, then all that can be done with them. */
export function OrderPage({ booking, event, performance, tickets, email, access, owner, now_ms }: Props) {
  const zone = event.venue.time_zone
  const cancelled = booking.status === 'cancelled'
  const missing = missingTickets(booking)
  const may_cancel = bookingCan.cancel({ ...booking, end_time: performance.end_time }, owner, now_ms)
  const { headline, words } = orderGreeting({
    cancelled,
    performance,
    time_zone: zone,
    now_ms,
    holder: tickets.values().next().value?.holder ?? null,
    email,
  })
  return (
    <div className="wrap flex flex-col items-center gap-4 pt-4 md:gap-7 md:pt-14">
      <FreshOrder waiting={missing > 0} />
      <div className="max-w-full text-center">
        <h1 id={ORDER_TITLE_ID} tabIndex={-1} dir="auto" className="scroll-mt-4 text-28 outline-none md:text-[44px]">
          {headline}
        </h1>
        <p className="mx-auto mt-1.5 max-w-[62ch] text-14 text-balance text-ink-2 md:mt-2 md:text-16">{words}</p>
      </div>
      <RefundNotice booking={booking} />
      {missing > 0 && <OnTheirWay missing={missing} />}
      <div
        className={`grid w-full grid-cols-[minmax(0,1fr)] justify-items-center gap-7 ${booking.tickets.length > 1 ? 'lg:w-auto lg:grid-cols-[420px_420px]' : 'md:w-auto md:grid-cols-[420px]'}`}
      >
        {booking.tickets.map((ticket, index) => {
          const read = tickets.get(ticket.id)
          const line = booking.line_items.find((item) =>
            ticket.seat_id ? item.seat_id === ticket.seat_id : item.tier.id === ticket.tier_id,
          )
          return (
            <TicketCard
              key={ticket.id}
              title={event.title}
              genre={event.genre}
              when={`${shortWhen(performance.start_time, zone, now_ms)}${untilWhen(performance, zone, now_ms)}`}
              doors={performance.doors_time && timeOf(performance.doors_time, zone)}
              venue={event.venue.name}
              city={event.venue.city}
              label={line?.label ?? line?.tier.name ?? 'One place'}
              restricted_view={line?.restricted_view ?? false}
              tier={line?.tier.name ?? ''}
              holder={read?.holder ? fullName(read.holder) : null}
              qr={paths.qr(ticket.id, access)}
              short_code={read?.short_code ?? null}
              count={`${index + 1} of ${booking.tickets.length}`}
              status={ticket.status}
            />
          )
        })}
      </div>
      <Actions booking={booking} access={access} missing={missing} may_cancel={may_cancel} />
      <Receipt booking={booking} />
    </div>
  )
}

function OnTheirWay({ missing }: { missing: number }) {
  return (
    <p role="status" className="text-16 text-ink-2">
      {missing === 1 ? 'Your ticket is on its way: it appears' : 'Your tickets are on their way: they appear'} here by
      {missing === 1 ? ' itself' : ' themselves'} in a moment.
    </p>
  )
}

type ActionsProps = {
  booking: Booking
  access: string | undefined
  missing: number
  may_cancel: ReturnType<typeof bookingCan.cancel>
}

/** What can be done with an order. A cancelled one keeps its calendar file, which strikes the entry out. */
function Actions({ booking, access, missing, may_cancel }: ActionsProps) {
  return (
    <div className="flex flex-wrap justify-center gap-2.5">
      <a className="chip" href={paths.calendar(booking.id, access)}>
        Calendar
      </a>
      {booking.status !== 'cancelled' && (
        <>
          {booking.tickets.length > 0 && (
            <a className="chip" href={paths.orderPdf(booking.id, access)}>
              PDF
            </a>
          )}
          {booking.order_url && <KeepLink url={booking.order_url} />}
          {may_cancel.may && missing > 0 ? null : may_cancel.may ? (
            <CancelOrder booking={booking} />
          ) : (
            <p className="w-full text-center text-14 text-ink-2">{may_cancel.because}</p>
          )}
        </>
      )}
    </div>
  )
}
