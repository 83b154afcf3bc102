import type { Event, Performance, TierAvailability } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { capitalised } from '../../ui/capitalised.ts'
import { priceText } from '../../ui/money.ts'
import { longWhen, timeOf } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'
import { type NextStep, nextStep, performanceAvailability } from './availability.ts'
import { lowestPrice } from './from-price.ts'
import { NextStepButton } from './next-step-button.tsx'
import { PerformanceList } from './performance-list.tsx'
import { refundSentence } from './refund-sentence.ts'
import { ShareButton } from './share-button.tsx'
import { TierList } from './tier-list.tsx'

type Props = {
  event: Event
  performances: readonly Performance[]
  chosen: Performance
  availability: ReadonlyMap<string, TierAvailability[]>
  now_ms: number
}

/** Everything about one event that someone needs before they choose a seat. */
export function EventPage({ event, performances, chosen, availability, now_ms }: Props) {
  const zone = event.venue.time_zone
  const tiers = availability.get(chosen.id) ?? []
  const step = nextStep(chosen, tiers, now_ms)
  const price = lowestPrice([chosen], availability, now_ms)
  return (
    <article className="wrap grid grid-cols-[minmax(0,1fr)] gap-6 pb-24 md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] md:gap-10 md:py-12 lg:gap-14">
      <div className="-mx-5 aspect-square overflow-hidden md:sticky md:top-8 md:mx-0 md:aspect-4/5 md:self-start md:rounded-lg">
        <Poster title={event.title} genre={event.genre} decorative={false} />
      </div>
      <div>
        <EventHead event={event} chosen={chosen} dates={performances.length} />
        {performances.length > 1 && (
          <PerformanceList
            event={event}
            performances={performances}
            chosen={chosen}
            availability={availability}
            now_ms={now_ms}
          />
        )}
        <div className="mt-7 mb-9 hidden items-center gap-4 md:flex">
          <NextStepButton step={step} performance={chosen} time_zone={zone} now_ms={now_ms} />
          <p className="max-w-[36ch] text-14 text-ink-2">{besideButton(step, tiers)}</p>
        </div>
        <h2 className="sr-only">Prices</h2>
        <div className="mt-7 md:mt-0">
          <TierList tiers={chosen.tiers} availability={tiers} />
        </div>
        <p className="mt-5 max-w-[60ch] text-14 text-ink-2">
          <span className="md:hidden">All prices include fees and tax. </span>
          Change of plan? {refundSentence(event.refund_policy, chosen.start_time, zone, now_ms)}
        </p>
        <About description={event.description} />
      </div>
      <div className="fixed inset-x-0 bottom-0 z-10 short:static short:-mx-5 border-t border-line bg-surface px-5 pt-3 pb-[max(20px,env(safe-area-inset-bottom))] md:hidden">
        <NextStepButton
          step={step}
          performance={chosen}
          time_zone={zone}
          suffix={price ? (price.amount === 0 ? 'free' : `from ${priceText(price)}`) : undefined}
          wide
          now_ms={now_ms}
        />
      </div>
    </article>
  )
}

type HeadProps = { event: Event; chosen: Performance; dates: number }

/** What it is, when and where, and what to do with that: find the way, put it in the calendar, tell others. */
function EventHead({ event, chosen, dates }: HeadProps) {
  const { venue } = event
  const zone = venue.time_zone
  return (
    <>
      <p className="mb-3 text-14 font-semibold text-accent">
        <bdi>{capitalised(event.genre)}</bdi> · {dates === 1 ? 'one night' : `${dates} dates`} ·{' '}
        <bdi>{event.organizer.name}</bdi>
      </p>
      <h1 dir="auto">{event.title}</h1>
      <p className="mt-[18px] mb-1.5 text-20">
        <time dateTime={chosen.start_time}>{longWhen(chosen.start_time, zone)}</time>{' '}
        <span className="text-ink-2">
          ({chosen.doors_time && `doors ${timeOf(chosen.doors_time, zone)}, `}
          <bdi>{venue.city}</bdi> time)
        </span>
      </p>
      <p className="text-ink-2">
        <bdi>{[venue.name, venue.address, venue.city].filter(Boolean).join(', ')}</bdi>
        {venue.latitude !== null && venue.longitude !== null && (
          <>
            {' · '}
            <a
              className="link text-ink"
              href={paths.directions(venue.latitude, venue.longitude)}
              rel="noreferrer"
              target="_blank"
            >
              Map
            </a>
          </>
        )}
        {' · '}
        <a className="link text-ink" href={paths.eventCalendar(event.id, chosen.id)}>
          Add to calendar
        </a>
        {' · '}
        <ShareButton title={event.title} />
      </p>
    </>
  )
}

/** A description's first paragraph is its headline, if others follow. */
function About({ description }: { description: string }) {
  const [headline, ...rest] = description.split(/\n{2,}/)
  if (!headline) return null
  return (
    <section className="mt-10 max-w-[62ch]">
      <h2 dir="auto" className="mb-3">
        {rest.length > 0 ? headline : 'About the evening'}
      </h2>
      {(rest.length > 0 ? rest : [headline]).map((paragraph) => (
        <p key={paragraph} dir="auto" className="mb-4 whitespace-pre-line">
          {paragraph}
        </p>
      ))}
    </section>
  )
}

function besideButton(step: NextStep, tiers: readonly TierAvailability[]): string {
  if (step.kind === 'choose') {
    const open = tiers.filter((tier) => tier.available > 0).length
    const scarce = performanceAvailability(tiers).state === 'scarce'
    const left = scarce
      ? 'Not many left.'
      : open < tiers.length
        ? `Tickets left in ${open} of ${tiers.length} prices.`
        : 'Good seats left.'
    return `${left} All prices include fees and tax.`
  }
  if (step.kind === 'held') return 'All tickets are on hold or sold. What is not paid comes back within minutes.'
  if (step.kind === 'sold-out') return 'Every ticket is sold. Returned tickets appear here again.'
  if (step.kind === 'opens') return 'All prices include fees and tax.'
  return ''
}
