import { ChevronDown } from 'lucide-react'
import type { Booking, Event } from '../../api/bodies.ts'
import { priceOrFree } from '../../ui/money.ts'
import { shortWhen, untilWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'
import { placesText } from './places-text.ts'
import { PriceLines } from './price-lines.tsx'

/**
 * What is being bought: the event, the places, and the price explained. On phones a short form says event, places and sum
 * before any typing and opens to all of it; beside the form there is room for everything.
 */
export function OrderSummary({ booking, event }: { booking: Booking; event: Event }) {
  const count = booking.line_items.reduce((sum, line) => sum + line.quantity, 0)
  return (
    <>
      <details className="group rounded-lg border border-line bg-surface md:hidden">
        <summary className="flex min-h-14 list-none items-center justify-between gap-3 px-4 [&::-webkit-details-marker]:hidden">
          <span className="min-w-0 py-2">
            <span className="block overflow-hidden text-ellipsis whitespace-nowrap">
              {count} × <bdi>{event.title}</bdi>
            </span>
            <span dir="auto" className="line-clamp-2 text-14 text-ink-2">
              {placesText(booking.line_items)}
            </span>
          </span>
          <span className="num flex flex-none items-center gap-2 font-semibold">
            {priceOrFree(booking.total)}
            <ChevronDown size={18} aria-hidden="true" className="group-open:rotate-180" />
          </span>
        </summary>
        <div className="border-t border-line p-4">
          <Contents booking={booking} event={event} />
        </div>
      </details>
      <aside aria-label="Your order" className="self-start rounded-lg border border-line bg-surface p-6 max-md:hidden">
        <Contents booking={booking} event={event} />
      </aside>
    </>
  )
}

function Contents({ booking, event }: { booking: Booking; event: Event }) {
  const zone = event.venue.time_zone
  const now_ms = Date.parse(booking.server_time)
  const performance = event.performances.find((one) => one.id === booking.performance_id)
  const places = booking.line_items.filter((line) => line.seat_id !== null)
  return (
    <>
      <div className="flex items-start gap-4">
        <div className="h-[95px] w-[76px] flex-none overflow-hidden rounded-md">
          <Poster title={event.title} genre={event.genre} />
        </div>
        <div className="min-w-0">
          <h2 dir="auto" className="text-20">
            {event.title}
          </h2>
          <p className="num mt-1 text-14 text-ink-2">
            <time dateTime={booking.start_time}>{shortWhen(booking.start_time, zone, now_ms)}</time>
            {performance && untilWhen(performance, zone, now_ms)}
            <br />
            <bdi>{event.venue.name}</bdi>, <bdi>{event.venue.city}</bdi>
          </p>
        </div>
      </div>
      {places.length > 0 && (
        <ul className="mt-4 text-14">
          {places.map(({ label, restricted_view }) => (
            <li key={label} dir="auto" className="py-0.5">
              {label}
              {restricted_view && <span className="text-warn"> · restricted view</span>}
            </li>
          ))}
        </ul>
      )}
      <hr className="mt-5 mb-2 border-line" />
      <PriceLines booking={booking} />
    </>
  )
}
