import Link from 'next/link'
import type { Event, Performance, TierAvailability } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { longWhen, untilWhen } from '../../ui/when.ts'
import { nextStep, performanceAvailability } from './availability.ts'

type Props = {
  event: Event
  performances: readonly Performance[]
  chosen: Performance
  availability: ReadonlyMap<string, TierAvailability[]>
  now_ms: number
}

/** The dates of an event that is played more than once. Choosing one shows its prices; the chosen one is marked. */
export function PerformanceList({ event, performances, chosen, availability, now_ms }: Props) {
  const zone = event.venue.time_zone
  return (
    <nav aria-label="Dates" className="mt-7">
      <ul className="flex flex-col gap-2">
        {performances.map((performance) => {
          const tiers = availability.get(performance.id) ?? []
          const current = performance.id === chosen.id
          return (
            <li key={performance.id}>
              <Link
                href={paths.event(event.id, performance.id)}
                scroll={false}
                aria-current={current ? 'true' : undefined}
                className={`flex min-h-14 items-center justify-between gap-4 rounded-md border px-4 py-2 ${current ? 'border-ink bg-surface outline outline-ink' : 'border-line hover:border-ink-3'}`}
              >
                <time dateTime={performance.start_time} className="font-semibold">
                  {longWhen(performance.start_time, zone, now_ms)}
                  {untilWhen(performance, zone, now_ms)}
                </time>
                <span className="text-14 text-ink-2">{rowWords(performance, tiers, now_ms)}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

function rowWords(performance: Performance, tiers: readonly TierAvailability[], now_ms: number): string {
  const step = nextStep(performance, tiers, now_ms)
  if (step.kind === 'cancelled') return 'Cancelled'
  if (step.kind === 'opens') return 'Not on sale yet'
  if (step.kind === 'over') return 'Over'
  return performanceAvailability(performance, tiers, now_ms).words
}
