'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { ChevronRight } from 'lucide-react'
import { useDeferredValue, useMemo, useState, useSyncExternalStore } from 'react'
import { fromText } from '../../ui/money.ts'
import { type CategoryOffer, isOffered, type MapTier, offersOf } from './offers.ts'
import { SeatListSection, type SeatReading } from './seat-list-section.tsx'
import type { SeatMapProps } from './seat-map.tsx'

type Summary = { section: number; name: string; free: number; own: number; from: MapTier | null }

/**
 * The room as a list: section, row, seat. Everything the map can do, for keyboards, screen readers, and people who like
 * lists better. It shows places that can be had and those that are yours; what is gone is not in the way.
 */
export function SeatList(props: SeatMapProps) {
  const { geometry, state, tiers, selection, filterTierIds } = props
  const snapshot = useSyncExternalStore(state.subscribe, state.getSnapshot, state.getSnapshot)
  // On a busy sale the list may lag a moment behind, a click never does.
  const revision = useDeferredValue(snapshot.revision)
  const offers = useMemo(() => offersOf(geometry, tiers, filterTierIds), [geometry, tiers, filterTierIds])
  const reading = useMemo((): SeatReading => ({ revision, stateOf: state.stateOf }), [state, revision])
  const mine = useMemo(() => new Set(selection), [selection])
  const summaries = useMemo(() => summarise(geometry, offers, reading, mine), [geometry, offers, reading, mine])
  const [opened, setOpened] = useState<number | null>(null)
  const open = summaries.length === 1 ? (summaries[0]?.section ?? null) : opened

  if (snapshot.status === 'loading') return <ListSkeleton />
  if (snapshot.status === 'failed') {
    return (
      <p role="alert" className="px-5 py-6 md:px-8">
        We could not load which seats are free.{' '}
        <button type="button" className="link min-h-11 font-semibold" onClick={state.retry}>
          Try again
        </button>
      </p>
    )
  }
  return (
    <section aria-label={props.label ?? `List of seats, ${geometry.name}`} data-list className="px-5 pb-8 md:px-8">
      {summaries.length === 0 && (
        <p className="py-6 text-ink-2">
          {filterTierIds?.length ? 'No seat is free at these prices just now.' : 'No seat is free just now.'} Seats on
          hold may come back within minutes.
        </p>
      )}
      <ul className="divide-y divide-line border-line border-b">
        {summaries.map(({ section, name, free, own, from }) => (
          <li key={section}>
            <h3 className="text-16 font-semibold">
              <button
                type="button"
                className="flex min-h-14 w-full items-center gap-3 py-3 text-left"
                aria-expanded={open === section}
                onClick={() => setOpened(open === section ? null : section)}
              >
                <bdi className="min-w-0 flex-1">{name === '' ? 'Seats' : name}</bdi>
                <span className="num text-14 font-normal text-ink-2">
                  {own > 0 && <b className="text-ink">{own} yours</b>}
                  {own > 0 && ' · '}
                  {free} free{from !== null && ` · ${fromText(from.price)}`}
                </span>
                <ChevronRight
                  size={18}
                  aria-hidden="true"
                  className={`flex-none transition-transform duration-150 ${open === section ? 'rotate-90' : ''}`}
                />
              </button>
            </h3>
            {open === section && (
              <SeatListSection {...props} section={section} offers={offers} reading={reading} mine={mine} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function summarise(
  geometry: Geometry,
  offers: readonly CategoryOffer[],
  { stateOf }: SeatReading,
  mine: ReadonlySet<string>,
): Summary[] {
  const sections = geometry.sections.map(
    ({ name }, section): Summary => ({ section, name, free: 0, own: 0, from: null }),
  )
  for (let seat = 0; seat < geometry.count; seat += 1) {
    const summary = sections[geometry.section[seat] ?? 0]
    const offer = offers[geometry.category[seat] ?? 0]
    const id = geometry.ids[seat] ?? ''
    if (summary === undefined) continue
    if (mine.has(id)) summary.own += 1
    else if (offer !== undefined && isOffered(offer) && stateOf(id) === 'available') {
      summary.free += 1
      const cheapest = offer.tiers[0] ?? null
      if (cheapest !== null && (summary.from === null || cheapest.price.amount < summary.from.price.amount)) {
        summary.from = cheapest
      }
    }
  }
  return sections.filter(({ free, own }) => free + own > 0)
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="The list of seats is loading" className="divide-y divide-line px-5 md:px-8">
      {[0, 1, 2, 3].map((n) => (
        <div key={n} className="flex min-h-14 items-center justify-between">
          <span className="skeleton h-4 w-40" />
          <span className="skeleton h-4 w-28" />
        </div>
      ))}
    </div>
  )
}
