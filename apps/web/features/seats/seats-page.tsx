'use client'
import { ArrowLeft, List } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useMemo, useState } from 'react'
import type { PerformanceDetail, TierAvailability } from '../../api/types.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { shortWhen } from '../../ui/when.ts'
import { SeatMapSkeleton } from '../seat-map/map-notice.tsx'
import type { MapTier } from '../seat-map/offers.ts'
import { SeatList } from '../seat-map/seat-list.tsx'
import { SeatMap } from '../seat-map/seat-map.tsx'
import { categoryColours } from './category-colours.ts'
import { type House, useHouse, useSeatSnapshot } from './house.ts'
import { legendOf } from './legend.ts'
import { LegendChips } from './legend-chips.tsx'
import { PickingPanel } from './picking-panel.tsx'
import { usePicking } from './use-picking.ts'

type Props = {
  performance: PerformanceDetail
  geometry_url: string
  availability: TierAvailability[]
  rendered_at: number
}

/** Choosing seats, full screen: the room, and beside or below it what has been chosen. */
export function SeatsPage(props: Props) {
  const state = useHouse(props.performance.id, props.geometry_url)
  if (state.kind === 'open') return <OpenHouse {...props} house={state.house} />
  return (
    <Frame performance={props.performance} tools={null} other_view={null}>
      {state.kind === 'loading' ? (
        <SeatMapSkeleton />
      ) : (
        <div className="p-8">
          <Empty
            title="The room did not load"
            action={
              <button type="button" className="btn" onClick={state.retry}>
                Try again
              </button>
            }
          >
            We could not fetch the plan of the seats. Check your connection.
          </Empty>
        </div>
      )}
    </Frame>
  )
}

function OpenHouse({ performance, availability, rendered_at, house }: Props & { house: House }) {
  const { geometry, store } = house
  const { tiers } = performance
  const { revision } = useSeatSnapshot(store)
  const picking = usePicking(performance, tiers, house, revision)
  const [as_list, setAsList] = useState(false)
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set())
  const legend = useMemo(() => legendOf(tiers), [tiers])
  const colours = useMemo(() => categoryColours(tiers), [tiers])
  const map_tiers = useMemo(
    () =>
      tiers.flatMap(({ id, name, price, categories }): MapTier[] =>
        categories ? [{ tier_id: id, name, price, categories, color: colours.get(id) ?? '' }] : [],
      ),
    [tiers, colours],
  )
  const filter = useMemo(
    () => legend.filter(({ key }) => shown.has(key)).flatMap(({ tier_ids }) => tier_ids),
    [legend, shown],
  )
  const selection = useMemo(() => picking.picks.map(({ seat }) => geometry.ids[seat] ?? ''), [picking.picks, geometry])
  const offered = useMemo(
    () => (picking.message?.offer ?? []).map((seat) => geometry.ids[seat] ?? ''),
    [picking.message, geometry],
  )
  const toggleSeat = (seat_id: string) => {
    const seat = geometry.number_of.get(seat_id)
    if (seat !== undefined) picking.toggleSeat(seat)
  }
  const chips = (
    <LegendChips
      legend={legend}
      shown={shown}
      onToggle={(key) => {
        const next = new Set(shown)
        if (!next.delete(key)) next.add(key)
        setShown(next)
      }}
    />
  )
  const other_view = (
    <button type="button" className="chip" aria-pressed={as_list} onClick={() => setAsList(!as_list)}>
      <List size={16} aria-hidden="true" />
      <span className="max-md:sr-only">List of seats</span>
      <span aria-hidden="true" className="md:hidden">
        List
      </span>
    </button>
  )
  const view = { geometry, state: store, tiers: map_tiers, selection, onToggle: toggleSeat, filterTierIds: filter }
  return (
    <Frame performance={performance} tools={chips} other_view={other_view}>
      <div className="flex min-h-0 flex-1 flex-col md:grid md:grid-cols-[1fr_380px]">
        <div className="relative flex min-h-0 flex-1 flex-col">
          <div className="scroll-x !mx-0 flex-none py-3 md:hidden" role="group" aria-label="Prices">
            {chips}
          </div>
          <div className={`relative min-h-0 flex-1 ${as_list ? 'overflow-y-auto' : ''}`}>
            {as_list ? (
              <SeatList {...view} />
            ) : (
              <SeatMap {...view} highlight={offered} label={`Seat map of ${performance.event.venue.name}`} />
            )}
          </div>
        </div>
        <PickingPanel
          performance={performance}
          availability={availability}
          house={house}
          colours={colours}
          picking={picking}
          among={filter.length > 0 ? tiers.filter((tier) => filter.includes(tier.id)) : tiers}
          rendered_at={rendered_at}
        />
      </div>
    </Frame>
  )
}

type FrameProps = { performance: PerformanceDetail; tools: ReactNode; other_view: ReactNode; children: ReactNode }

/** Where we are, the prices, and the way to the list. */
function Frame({ performance, tools, other_view, children }: FrameProps) {
  const { event } = performance
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-[60px] flex-none items-center justify-between gap-4 border-b border-line px-2 md:h-[72px] md:px-6">
        <div className="flex min-w-0 items-center gap-1">
          <Link
            href={paths.event(event.id, performance.id)}
            aria-label={`Back to ${event.title}`}
            className="grid size-11 flex-none place-items-center"
          >
            <ArrowLeft size={22} aria-hidden="true" />
          </Link>
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
