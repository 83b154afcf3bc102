import Link from 'next/link'
import type { Booking, Event } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { timeOf } from '../../ui/when.ts'
import { OrderSummary } from './order-summary.tsx'

/**
 * What people of the organization see in place of a buyer's checkout: what is on hold and until when, without the form.
 * Whoever may read it may read the sales of its event, too.
 */
export function BuyersHold({ booking, event }: { booking: Booking; event: Event }) {
  const zone = event.venue.time_zone
  const until = Date.parse(booking.hold_expires_at)
  const live = booking.status === 'held' && until > Date.parse(booking.server_time)
  return (
    <div className="wrap grid max-w-[1040px] grid-cols-[minmax(0,1fr)] gap-8 pt-6 pb-16 md:grid-cols-[minmax(0,1.1fr)_minmax(0,0.9fr)] md:gap-10 md:pt-12 lg:gap-16">
      <div>
        <h1 className="max-w-[14ch] text-40">{live ? 'This is a buyer’s hold.' : 'This hold has ended.'}</h1>
        <p className="num mt-5 mb-8 max-w-[52ch] text-ink-2">
          {live
            ? `It lasts until ${timeOf(until, zone, { seconds: true })} (${zone}). Only the buyer can pay for it or let it go; you see it because you work for this event.`
            : 'The buyer did not pay in time, or let it go: its tickets are back on sale. You see it because you work for this event.'}
        </p>
        <div className="flex flex-wrap gap-3">
          <Link className="btn ink" href={paths.sales(event.id)}>
            Sales of this event
          </Link>
          <Link className="btn quiet" href={paths.event(event.id, booking.performance_id)}>
            Its page
          </Link>
        </div>
      </div>
      <div>
        <OrderSummary booking={booking} event={event} />
      </div>
    </div>
  )
}
