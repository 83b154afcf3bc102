import Link from 'next/link'
import type { Event } from '../../api/types.ts'
import { paths } from '../../paths.ts'
import { priceText } from '../../ui/money.ts'
import { dayAndMonth, shortWhen } from '../../ui/when.ts'
import { fromPrice, opensAt, upcoming } from '../event/from-price.ts'
import { Poster } from '../poster/poster.tsx'

/** An event in a list: its poster and the three things that decide. The whole card is one link. */
export function EventCard({ event, now_ms }: { event: Event; now_ms: number }) {
  const performances = upcoming(event, now_ms)
  const [first] = performances
  const zone = event.venue.time_zone
  const opens_at = opensAt(performances, now_ms)
  const price = fromPrice(performances, now_ms)
  return (
    <article className="group relative">
      <div className="mb-3.5 aspect-4/5 overflow-hidden rounded-md">
        <Poster
          title={event.title}
          genre={event.genre}
          className="transition-transform duration-200 group-hover:scale-[1.02]"
        />
      </div>
      <h3>
        <Link
          href={paths.event(event.id)}
          className="after:absolute after:inset-0 after:rounded-md group-hover:underline group-hover:underline-offset-3"
        >
          {event.title}
        </Link>
      </h3>
      {first && (
        <p className="num mt-1 text-14 text-ink-2">
          <time dateTime={first.start_time}>{shortWhen(first.start_time, zone)}</time>
          {performances.length > 1 && ` · +${performances.length - 1} more`}
        </p>
      )}
      <p className="text-14 text-ink-2">
        {event.venue.name}, {event.venue.city}
      </p>
      <p className={`mt-1 text-14 font-semibold ${opens_at ? 'text-accent' : ''}`}>
        {opens_at ? `On sale ${dayAndMonth(opens_at, zone)}` : price && `from ${priceText(price)}`}
      </p>
    </article>
  )
}

export function EventCardSkeleton() {
  return (
    <div aria-hidden="true">
      <div className="skeleton mb-3.5 aspect-4/5 rounded-md" />
      <div className="skeleton mb-2 h-5 w-4/5" />
      <div className="skeleton mb-2 h-4 w-3/5" />
      <div className="skeleton h-4 w-2/5" />
    </div>
  )
}
