import type { Booking, Event } from '../../api/types.ts'
import { shortWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'
import { PriceLines } from './price-lines.tsx'

/** What is being bought: the event, the places, and the price explained. */
export function OrderSummary({ booking, event }: { booking: Booking; event: Event }) {
  const places = booking.line_items.filter((line) => line.seat_id !== null).map((line) => line.label)
  return (
    <aside aria-label="Your order" className="self-start rounded-lg border border-line bg-surface p-6">
      <div className="flex items-start gap-4">
        <div className="h-[95px] w-[76px] flex-none overflow-hidden rounded-md">
          <Poster title={event.title} genre={event.genre} />
        </div>
        <div className="min-w-0">
          <h3>{event.title}</h3>
          <p className="num mt-1 text-14 text-ink-2">
            <time dateTime={booking.start_time}>{shortWhen(booking.start_time, event.venue.time_zone)}</time>
            <br />
            {event.venue.name}, {event.venue.city}
          </p>
        </div>
      </div>
      {places.length > 0 && (
        <ul className="mt-4 text-14">
          {places.map((place) => (
            <li key={place} className="py-0.5">
              {place}
            </li>
          ))}
        </ul>
      )}
      <hr className="mt-5 mb-2 border-line" />
      <PriceLines booking={booking} />
    </aside>
  )
}
