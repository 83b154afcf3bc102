import Link from 'next/link'
import { type DiscoverFilter, paths } from '../../paths.ts'
import { capitalised } from '../../ui/capitalised.ts'
import { dayKey } from '../../ui/when.ts'

const DAYS = 14

type Props = { filter: DiscoverFilter; genres: string[]; cities: string[]; now_ms: number; time_zone: string }

/** The strip of dates and the chips. Every choice is a link, so a list can be shared, and works before any script runs. */
export function Filters({ filter, genres, cities, now_ms, time_zone }: Props) {
  return (
    <nav aria-label="Narrow the list" className="flex flex-col gap-4">
      <div className="scroll-x py-1">{days(now_ms, time_zone).map((day) => dayLink(day, filter))}</div>
      <div className="scroll-x py-1">
        {genres.map((genre) => chip('genre', genre, capitalised(genre), filter))}
        {cities.length > 1 && (
          <span
            aria-hidden="true"
            className="mx-1 my-2 w-px self-stretch bg-line md:m-0 md:w-full md:!max-w-none md:bg-transparent"
          />
        )}
        {cities.length > 1 && cities.map((city) => chip('city', city, city, filter))}
      </div>
    </nav>
  )
}

type Day = { key: string; name: string; number: number; spoken: string }

function dayLink(day: Day, filter: DiscoverFilter) {
  const chosen = filter.date === day.key
  const { date: _, ...rest } = filter
  return (
    <Link
      key={day.key}
      href={paths.discover(chosen ? rest : { ...rest, date: day.key })}
      scroll={false}
      prefetch={false}
      aria-current={chosen ? 'true' : undefined}
      aria-label={chosen ? `${day.spoken}, chosen; show all days` : day.spoken}
      className={`min-w-[62px] rounded-md border px-2 pt-2.5 pb-2 text-center ${chosen ? 'border-ink bg-ink text-paper' : 'border-line bg-surface hover:border-ink-3'}`}
    >
      <span className="block text-12">{day.name}</span>
      <b className="display num block text-20 leading-[1.15]">{day.number}</b>
    </Link>
  )
}

function chip(key: 'genre' | 'city', value: string, label: string, filter: DiscoverFilter) {
  const chosen = filter[key] === value
  const { [key]: _, ...rest } = filter
  return (
    <Link
      key={`${key}${value}`}
      href={paths.discover(chosen ? rest : { ...rest, [key]: value })}
      scroll={false}
      prefetch={false}
      aria-current={chosen ? 'true' : undefined}
      className="chip"
    >
      <bdi>{label}</bdi>
    </Link>
  )
}

function days(now_ms: number, time_zone: string): Day[] {
  const today = Date.parse(`${dayKey(now_ms, time_zone)}T12:00:00Z`)
  return Array.from({ length: DAYS }, (_, index) => {
    const noon = new Date(today + index * 86_400_000)
    const name = index === 0 ? 'Today' : noon.toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' })
    const spoken = noon.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
    return { key: noon.toISOString().slice(0, 10), name, number: noon.getUTCDate(), spoken }
  })
}
