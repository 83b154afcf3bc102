import type { Event, Performance, TierAvailability } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { capitalised } from '../../ui/capitalised.ts'
import { fromText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { longWhen, timeOf, untilWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'
import { availabilityText, isBuyable, type NextStep, nextStep, performanceAvailability } from './availability.ts'
import { datesText } from './dates-text.ts'
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
  const cancelled = event.status === 'cancelled' || step.kind === 'cancelled'
  return (
    <article className="wrap grid grid-cols-[minmax(0,1fr)] gap-6 pb-24 md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] md:gap-10 md:py-12 lg:gap-14">
      <div className="-mx-5 aspect-square overflow-hidden md:sticky md:top-8 md:mx-0 md:aspect-4/5 md:self-start md:rounded-lg">
        <Poster title={event.title} genre={event.genre} decorative={false} />
      </div>
      <div>
        {cancelled && <CancelledNotice event={event} />}
        <EventHead event={event} chosen={chosen} dates={performances.length} now_ms={now_ms} />
        {performances.length > 1 && (
          <PerformanceList
            event={event}
            performances={performances}
            chosen={chosen}
            availability={availability}
            now_ms={now_ms}
          />
        )}
        {!cancelled && (
          <div className="mt-7 mb-9 hidden items-center gap-4 md:flex">
            <NextStepButton step={step} performance={chosen} time_zone={zone} now_ms={now_ms} />
            <p className="max-w-[36ch] text-14 text-ink-2">{besideButton(step, chosen, tiers, now_ms)}</p>
          </div>
        )}
        {!cancelled && step.kind !== 'over' && <Prices event={event} chosen={chosen} counts={tiers} now_ms={now_ms} />}
        <About description={event.description} />
      </div>
      {!cancelled && (
        <div className="fixed inset-x-0 bottom-0 z-10 short:static short:-mx-5 border-t border-line bg-surface px-5 pt-3 pb-[max(20px,env(safe-area-inset-bottom))] md:hidden">
          <NextStepButton
            step={step}
            performance={chosen}
            time_zone={zone}
            suffix={price ? fromText(price) : undefined}
            wide
            now_ms={now_ms}
          />
        </div>
      )}
    </article>
  )
}

function CancelledNotice({ event: { cancellation } }: { event: Event }) {
  const some_ended = (cancellation?.ended_performance_ids.length ?? 0) > 0
  return (
    <div className="mb-6">
      <Notice tone="warn">
        <b>Cancelled.</b>{' '}
        {some_ended ? 'The dates that were still to come will not take place.' : 'This event will not take place.'}{' '}
        Whoever bought tickets for that gets the money back.
      </Notice>
    </div>
  )
}

type PricesProps = { event: Event; chosen: Performance; counts: readonly TierAvailability[]; now_ms: number }

/** Every price with how it stands, and on which terms a ticket is given back. */
function Prices({ event, chosen, counts, now_ms }: PricesProps) {
  const zone = event.venue.time_zone
  return (
    <>
      <h2 className="sr-only">Prices</h2>
      <div className="mt-7 md:mt-0">
        <TierList tiers={chosen.tiers} availability={counts} time_zone={zone} now_ms={now_ms} />
      </div>
      <p className="mt-5 max-w-[60ch] text-14 text-ink-2">
        <span className="md:hidden">All prices include fees and tax. </span>
        Change of plan? {refundSentence(event.refund_policy, chosen.start_time, zone, now_ms)}
      </p>
    </>
  )
}

type HeadProps = { event: Event; chosen: Performance; dates: number; now_ms: number }

/** What it is, when and where, and what to do with that: find the way, put it in the calendar, tell others. */
function EventHead({ event, chosen, dates, now_ms }: HeadProps) {
  const { venue } = event
  const zone = venue.time_zone
  return (
    <>
      <p className="mb-3 text-14 font-semibold text-accent">
        <bdi>{capitalised(event.genre)}</bdi> · {datesText(dates, chosen, zone, now_ms)} ·{' '}
        <bdi>{event.organizer.name}</bdi>
      </p>
      <h1 dir="auto">{event.title}</h1>
      <p className="mt-[18px] mb-1.5 text-20">
        <time dateTime={chosen.start_time}>{longWhen(chosen.start_time, zone, now_ms)}</time>
        {untilWhen(chosen, zone, now_ms)}{' '}
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
          {chosen.status === 'cancelled' ? 'Remove from calendar' : 'Add to calendar'}
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

function besideButton(
  step: NextStep,
  performance: Performance,
  counts: readonly TierAvailability[],
  now_ms: number,
): string {
  if (step.kind === 'choose') {
    const { tiers, time_zone } = performance
    const texts = tiers.map((tier) => {
      const left = counts.find((one) => one.tier_id === tier.id)
      return availabilityText(tier, left, time_zone, now_ms)
    })
    const open = texts.filter(isBuyable).length
    const sold = texts.filter((text) => text.state !== 'ended').length
    const scarce = performanceAvailability(performance, counts, now_ms).state === 'scarce'
    const left = scarce
      ? 'Not many left.'
      : open < sold
        ? `Tickets left in ${open} of ${sold} prices.`
        : 'Good seats left.'
    return `${left} All prices include fees and tax.`
  }
  if (step.kind === 'held') return 'All tickets are on hold or sold. What is not paid comes back within minutes.'
  if (step.kind === 'sold-out') return 'Every ticket is sold. Returned tickets appear here again.'
  if (step.kind === 'opens') return 'All prices include fees and tax.'
  return ''
}
