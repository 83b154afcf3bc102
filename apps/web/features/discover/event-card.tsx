import Link from 'next/link'
import { paths } from '../../paths.ts'
import { shortWhen, untilWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'
import { cardPrice } from './card-price.ts'
import type { Card } from './cards-page.ts'

const TONES = { plain: '', accent: 'text-accent', quiet: 'text-ink-2' } as const

/** An event in a list: its poster and the three things that decide. The whole card is one link. */
export function EventCard({ event, sale, now_ms }: Card & { now_ms: number }) {
  const { venue, next_performance, performance_count } = event
  const price = cardPrice(event, sale, now_ms)
  return (
    <article className="group relative min-w-0">
      <div className="mb-3.5 aspect-4/5 overflow-hidden rounded-md">
        <Poster
          title={event.title}
          genre={event.genre}
          className="transition-transform duration-200 group-hover:scale-[1.02]"
        />
      </div>
      <h3 dir="auto">
        <Link
          href={paths.event(event.id)}
          className="after:absolute after:inset-0 after:rounded-md group-hover:underline group-hover:underline-offset-3"
        >
          {event.title}
        </Link>
      </h3>
      {next_performance && (
        <p className="num mt-1 text-14 text-ink-2">
          <time dateTime={next_performance.start_time}>
            {shortWhen(next_performance.start_time, venue.time_zone, now_ms)}
          </time>
          {untilWhen(next_performance, venue.time_zone, now_ms)}
          {performance_count > 1 && ` · +${performance_count - 1} more`}
        </p>
      )}
      <p className="text-14 text-ink-2">
        <bdi>{venue.name}</bdi>, <bdi>{venue.city}</bdi>
      </p>
      {price && <p className={`mt-1 text-14 font-semibold ${TONES[price.tone]}`}>{price.words}</p>}
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
