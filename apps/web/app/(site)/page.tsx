import type { EventListItem } from '../../api/bodies.ts'
import { asVisitor } from '../../api/visitor.ts'
import { cardsPage } from '../../features/discover/cards-page.ts'
import { EventCard } from '../../features/discover/event-card.tsx'
import { Filters } from '../../features/discover/filters.tsx'
import { MoreEvents } from '../../features/discover/more-events.tsx'
import { OnSaleSoon } from '../../features/discover/on-sale-soon.tsx'
import { overview } from '../../features/discover/overview.ts'
import { type DiscoverFilter, paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { JsonLd } from '../../ui/json-ld.tsx'

const PAGE_SIZE = 24

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function DiscoverPage({ searchParams }: Props) {
  const filter = filterOf(await searchParams)
  const now_ms = Date.now()
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const { genres, cities, next_sale } = await overview(now_ms)
  const filtered = Boolean(filter.genre ?? filter.city ?? filter.date)
  return (
    <div className="wrap pb-12">
      <h1 className="mt-7 mb-5 max-w-[14ch] md:mt-14 md:mb-7">Tonight could be the one.</h1>
      <Filters filter={filter} genres={genres} cities={cities} now_ms={now_ms} time_zone={time_zone} />
      {next_sale && !filtered && (
        <div className="mt-9">
          <OnSaleSoon {...next_sale} now_ms={now_ms} />
        </div>
      )}
      <h2 className="sr-only">Events</h2>
      <ul className="mt-9 grid grid-cols-[repeat(2,minmax(0,1fr))] gap-x-3.5 gap-y-6 md:mt-11 md:grid-cols-[repeat(3,minmax(0,1fr))] md:gap-x-6 md:gap-y-9 lg:grid-cols-[repeat(4,minmax(0,1fr))]">
        <Events filter={filter} now_ms={now_ms} />
      </ul>
    </div>
  )
}

async function Events({ filter, now_ms }: { filter: DiscoverFilter; now_ms: number }) {
  const { date, ...rest } = filter
  const query = { ...rest, ...(date && { date_from: date, date_to: date }), limit: PAGE_SIZE }
  const page = await cardsPage(query, await asVisitor())
  if (page.cards.length === 0)
    return (
      <li className="col-span-full">
        <Empty
          title="Nothing on just then"
          action={
            <a className="btn ink" href={paths.discover()}>
              Show everything
            </a>
          }
        >
          No event fits all of what you chose. Try another day, or take one of the choices off.
        </Empty>
      </li>
    )
  return (
    <>
      {page.cards.map((card) => (
        <li key={card.event.id}>
          <EventCard {...card} now_ms={now_ms} />
        </li>
      ))}
      {page.next_cursor && <MoreEvents filter={query} cursor={page.next_cursor} now_ms={now_ms} />}
      <JsonLd data={listing(page.cards.map(({ event }) => event))} />
    </>
  )
}

function listing(events: readonly EventListItem[]): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'ItemList',
    itemListElement: events.map((event, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: event.title,
      url: paths.event(event.id),
    })),
  }
}

function filterOf(query: Record<string, string | string[] | undefined>): DiscoverFilter {
  const one = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined)
  const genre = one('genre')
  const city = one('city')
  const date = one('date')
  return { ...(genre && { genre }), ...(city && { city }), ...(date && /^\d{4}-\d{2}-\d{2}$/.test(date) && { date }) }
}
