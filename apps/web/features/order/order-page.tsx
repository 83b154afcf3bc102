import { fullName } from '@tessera/contracts/person-name'
import type { Booking, Event, Performance, Ticket } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { shortWhen, timeOf, weekday } from '../../ui/when.ts'
import { PriceLines } from '../checkout/price-lines.tsx'
import { bookingCan } from './booking-can.ts'
import { CancelOrder } from './cancel-order.tsx'
import { KeepLink } from './keep-link.tsx'
import { orderGreeting } from './order-greeting.ts'
import { TicketCard } from './ticket-card.tsx'

type Props = {
  booking: Booking
  event: Event
  performance: Performance
  holder: Ticket['holder']
  email: string | null
  access: string | undefined
  /** Whether a session is there to act with; a link alone only shows. */
  owner: boolean
  now_ms: number
}

/** A finished order: its tickets first, then all that can be done with them. */
export function OrderPage({ booking, event, performance, holder, email, access, owner, now_ms }: Props) {
  const zone = event.venue.time_zone
  const cancelled = booking.status === 'cancelled'
  const may_cancel = bookingCan.cancel(booking, now_ms)
  const { headline, words } = orderGreeting({
    cancelled,
    over: now_ms > Date.parse(performance.end_time),
    day: weekday(performance.start_time, zone),
    holder,
    email,
  })
  return (
    <div className="wrap flex flex-col items-center gap-7 pt-8 md:pt-14">
      <div className="text-center">
        <h1 className="text-[34px] md:text-[44px]">{headline}</h1>
        <p className="mt-2 text-ink-2">{words}</p>
      </div>
      {cancelled && <RefundNotice booking={booking} />}
      <div
        className={`grid w-full justify-items-center gap-7 ${booking.tickets.length > 1 ? 'md:w-auto md:grid-cols-[420px_420px]' : 'md:w-auto md:grid-cols-[420px]'}`}
      >
        {booking.tickets.map((ticket, index) => {
          const line = booking.line_items.find((item) =>
            ticket.seat_id ? item.seat_id === ticket.seat_id : item.tier.id === ticket.tier_id,
          )
          return (
            <TicketCard
              key={ticket.id}
              title={event.title}
              genre={event.genre}
              when={shortWhen(performance.start_time, zone)}
              doors={performance.doors_time && timeOf(performance.doors_time, zone)}
              where={`${event.venue.name}, ${event.venue.city}`}
              label={line?.label ?? line?.tier.name ?? 'One place'}
              tier={line?.tier.name ?? ''}
              holder={holder && fullName(holder)}
              qr={paths.qr(ticket.id, access)}
              short_code={null}
              count={`${index + 1} of ${booking.tickets.length}`}
              status={ticket.status}
            />
          )
        })}
      </div>
      {!cancelled && (
        <div className="flex flex-wrap justify-center gap-2.5">
          <a className="chip" href={paths.calendar(booking.id, access)}>
            Calendar
          </a>
          {booking.tickets.length > 0 && (
            <a className="chip" href={paths.orderPdf(booking.id, access)}>
              PDF
            </a>
          )}
          {booking.order_url && <KeepLink url={booking.order_url} />}
          {owner && may_cancel.may && (
            <CancelOrder booking_id={booking.id} places={booking.tickets.length} total={booking.total} />
          )}
        </div>
      )}
      <section aria-labelledby="receipt" className="w-full max-w-[420px] border-t border-line pt-6">
        <h2 id="receipt" className="mb-3">
          What you paid
        </h2>
        <PriceLines booking={booking} />
        <p className="mt-4 text-14 text-ink-2">Order {booking.id}</p>
      </section>
    </div>
  )
}

function RefundNotice({ booking }: { booking: Booking }) {
  const refunded = booking.payments.find((payment) => payment.refunded.amount > 0)?.refunded
  if (!refunded) return null
  return (
    <div className="w-full max-w-[420px]">
      <Notice tone="good">
        {priceText(refunded)} is on its way back to you. Banks take up to five days to show it.
      </Notice>
    </div>
  )
}
