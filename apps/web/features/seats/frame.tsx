import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PerformanceDetail } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { shortWhen } from '../../ui/when.ts'

type FrameProps = { performance: PerformanceDetail; tools?: ReactNode; other_view?: ReactNode; children: ReactNode }

/** Where we are, the prices, and the way to the list. Plain links: the router's own would cost this page 4 kB it can do without. */
export function Frame({ performance, tools, other_view, children }: FrameProps) {
  const { event } = performance
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-[60px] flex-none items-center justify-between gap-4 border-b border-line px-2 md:h-[72px] md:px-6">
        <div className="flex min-w-0 items-center gap-1">
          <a
            href={paths.event(event.id, performance.id)}
            aria-label={`Back to ${event.title}`}
            className="grid size-11 flex-none place-items-center"
          >
            <ArrowLeft size={22} aria-hidden="true" />
          </a>
          <div className="min-w-0">
            <h1 className="overflow-hidden font-sans text-16 font-semibold tracking-normal text-ellipsis whitespace-nowrap">
              {event.title}
            </h1>
            <p className="num text-12 text-ink-2">
              <time dateTime={performance.start_time}>{shortWhen(performance.start_time, event.venue.time_zone)}</time>,{' '}
              {event.venue.city} time
            </p>
          </div>
        </div>
        <div className="flex flex-none gap-2">
          <div className="hidden gap-2 md:flex" role="group" aria-label="Prices">
            {tools}
          </div>
          {other_view}
        </div>
      </header>
      <main id="main" className="flex min-h-0 flex-1 flex-col">
        {children}
      </main>
    </div>
  )
}
