import Link from 'next/link'
import type { Booking, Event } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { timeOf } from '../../ui/when.ts'
import { OrderSummary } from './order-summary.tsx'

/**
 * What people of the organization see in place of a buyer's checkout or order: what it is for and how it stands, without
 * the form and the codes. Whoever may read it may read the sales of its event, too.
 */
export function BuyersBooking({ booking, event }: { booking: Booking; event: Event }) {
  const { title, words } = stateText(booking, event.venue.time_zone)
  return (
    <div className="wrap grid max-w-[1040px] grid-cols-[minmax(0,1fr)] gap-8 pt-6 pb-16 md:grid-cols-[minmax(0,1.1fr)_minmax(0,0.9fr)] md:gap-10 md:pt-12 lg:gap-16">
      <div>
        <h1 className="max-w-[14ch] text-40">{title}</h1>
        <p className="num mt-5 max-w-[52ch] text-ink-2">{words} You see it because you work for this event.</p>
        <p className="mt-5 mb-8 text-14 text-ink-2">
          Order <b className="num text-ink">{booking.number}</b>
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

type StateText = { title: string; words: string }

function stateText({ status, hold_expires_at, server_time, tickets }: Booking, zone: string): StateText {
  if (status === 'cancelled')
    return { title: 'A cancelled order.', words: 'Its tickets are no longer valid, and its places are on sale again.' }
  if (status === 'confirmed')
    return {
      title: 'This is a buyer’s order.',
      words: `${admittedText(tickets)} Only the buyer has its codes and can cancel it.`,
    }
  const until = Date.parse(hold_expires_at)
  if (status === 'held' && until > Date.parse(server_time))
    return {
      title: 'This is a buyer’s hold.',
      words: `It lasts until ${timeOf(until, zone, { seconds: true })} (${zone}). Only the buyer can pay for it or let it go.`,
    }
  return {
    title: 'This hold has ended.',
    words: 'The buyer did not pay in time, or let it go: its tickets are back on sale.',
  }
}

function admittedText(tickets: Booking['tickets']): string {
  const used = tickets.filter(({ status }) => status === 'used').length
  const paid = tickets.length === 1 ? 'It is paid, with one ticket' : `It is paid, with ${tickets.length} tickets`
  return used === 0 ? `${paid}, not yet used at the door.` : `${paid}, ${used} of them used at the door.`
}
