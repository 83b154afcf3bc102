import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import type { TierAvailability } from '../../../../api/bodies.ts'
import { getAvailability, getEvent } from '../../../../api/operations.ts'
import { isProblem } from '../../../../api/problem.ts'
import { asVisitor, siteOrigin } from '../../../../api/visitor.ts'
import { EventPage } from '../../../../features/event/event-page.tsx'
import { lowestPrice, upcoming } from '../../../../features/event/from-price.ts'
import { eventJsonLd } from '../../../../features/event/json-ld.ts'
import { paths } from '../../../../paths.ts'
import { JsonLd } from '../../../../ui/json-ld.tsx'
import { fromText } from '../../../../ui/money.ts'
import { shortWhen } from '../../../../ui/when.ts'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ on?: string }> }

const eventOf = cache(async (id: string) => {
  try {
    return await getEvent(id, await asVisitor())
  } catch (error) {
    if (isProblem(error, 'not-found', 'malformed-request')) notFound()
    throw error
  }
})

/** The page can be read without counts; only the words about what is left are missing then. */
const countsOf = cache(async (id: string): Promise<Map<string, TierAvailability[]>> => {
  try {
    const { performances } = await getAvailability(id, await asVisitor())
    return new Map(performances.map((one) => [one.performance_id, one.tiers]))
  } catch {
    return new Map()
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const event = await eventOf((await params).id)
  const now_ms = Date.now()
  const [first] = upcoming(event, now_ms)
  const price = lowestPrice(event.performances, await countsOf(event.id), now_ms)
  const where = `${event.venue.name}, ${event.venue.city}`
  const description = [
    event.status === 'cancelled' && 'Cancelled',
    first && shortWhen(first.start_time, event.venue.time_zone, now_ms),
    where,
    price && (price.amount === 0 ? 'Free' : `${fromText(price)}, fees included`),
  ]
    .filter(Boolean)
    .join(' · ')
  const origin = await siteOrigin()
  return {
    title: event.title,
    description,
    metadataBase: new URL(origin),
    alternates: { canonical: paths.event(event.id) },
    openGraph: {
      title: event.title,
      description,
      type: 'website',
      siteName: 'Tessera',
      url: paths.event(event.id),
      images: [{ url: paths.eventImage(event.id), width: 1200, height: 630, alt: `Poster of ${event.title}` }],
    },
    twitter: { card: 'summary_large_image' },
  }
}

export default async function Page({ params, searchParams }: Props) {
  const id = (await params).id
  const origin = await siteOrigin()
  const reading = countsOf(id)
  const event = await eventOf(id)
  const now_ms = Date.now()
  const ahead = upcoming(event, now_ms)
  const performances = ahead.length > 0 ? ahead : event.performances
  const { on } = await searchParams
  const chosen = performances.find((performance) => performance.id === on) ?? performances[0]
  if (!chosen) notFound()
  const counts = await reading
  return (
    <>
      <EventPage event={event} performances={performances} chosen={chosen} availability={counts} now_ms={now_ms} />
      {performances.map((performance) => (
        <JsonLd
          key={performance.id}
          data={eventJsonLd(event, performance, { counts: counts.get(performance.id) ?? [], origin, now_ms })}
        />
      ))}
    </>
  )
}
