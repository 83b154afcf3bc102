import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PerformanceDetail } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { shortWhen, untilWhen } from '../../ui/when.ts'

type FrameProps = {
  performance: PerformanceDetail
  now_ms: number
  tools?: ReactNode
  other_view?: ReactNode
  children: ReactNode
}

/** Where we are, the prices, and the way to the list. Plain links: the router's own would cost this page 4 kB it can do without. */
export function Frame({ performance, now_ms, tools, other_view, children }: FrameProps) {
  const { event } = performance
  const zone = event.venue.time_zone
  return (
    <div className="flex h-dvh flex-col short:h-auto short:min-h-dvh">
      <header className="flex min-h-[60px] flex-none items-center justify-between gap-4 border-b border-line px-2 md:min-h-[72px] md:px-6">
        <div className="flex min-w-28 flex-1 items-center gap-1">
          <a
            href={paths.event(event.id, performance.id)}
            aria-label={`Back to ${event.title}`}
            className="grid size-11 flex-none place-items-center"
          >
            <ArrowLeft size={22} aria-hidden="true" />
          </a>
          <div className="min-w-0">
            <h1
              dir="auto"
              className="overflow-hidden font-sans text-16 font-semibold tracking-normal text-ellipsis whitespace-nowrap"
            >
              {event.title}
            </h1>
            <p className="num overflow-hidden text-12 text-ellipsis whitespace-nowrap text-ink-2">
              <time dateTime={performance.start_time}>{shortWhen(performance.start_time, zone, now_ms)}</time>
              {untilWhen(performance, zone, now_ms)}, <bdi>{event.venue.city}</bdi> time
            </p>
          </div>
        </div>
        <div className="flex min-w-0 flex-none gap-2 md:max-w-[62%]">
          <div
            className="hidden min-w-0 gap-2 overflow-x-auto p-0.5 lg:flex *:flex-none"
            role="group"
            aria-label="Prices"
          >
            {tools}
          </div>
          {other_view}
        </div>
      </header>
      <main id="main" className="flex min-h-0 flex-1 flex-col short:flex-none">
        {children}
      </main>
    </div>
  )
}
