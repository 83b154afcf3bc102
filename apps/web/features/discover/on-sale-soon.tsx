import Link from 'next/link'
import type { EventListItem } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { longWhen, soonWhen, untilWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'

type Props = { event: EventListItem; opens_at: string; now_ms: number }

/** The next sale to open, with the time until then. */
export function OnSaleSoon({ event, opens_at, now_ms }: Props) {
  const { venue, next_performance } = event
  return (
    <section
      aria-labelledby="soon"
      className="grid overflow-hidden rounded-lg border border-line bg-surface md:min-h-[420px] md:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]"
    >
      <div className="flex flex-col justify-between gap-7 p-6 md:p-10">
        <div>
          <p className="mb-2.5 text-14 font-semibold text-accent">
            On sale {soonWhen(opens_at, venue.time_zone, now_ms, 'long')} in <bdi>{venue.city}</bdi>
          </p>
          <h2 id="soon" dir="auto" className="text-[34px] md:text-[48px]">
            {event.title}
          </h2>
          {next_performance && (
            <p className="num mt-3.5 max-w-[44ch] text-ink-2">
              <time dateTime={next_performance.start_time}>
                {longWhen(next_performance.start_time, venue.time_zone, now_ms)}
                {untilWhen(next_performance, venue.time_zone, now_ms)}
              </time>
              <br />
              <bdi>{venue.name}</bdi>, <bdi>{venue.city}</bdi>
            </p>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <Countdown until={opens_at} rendered_at={now_ms} className="display text-40" />
          <Link className="btn" href={paths.event(event.id)}>
            See the event
          </Link>
        </div>
      </div>
      <div className="relative h-[260px] md:h-auto">
        <Poster title={event.title} genre={event.genre} ratio={1.33} className="md:absolute md:inset-0" />
      </div>
    </section>
  )
}
