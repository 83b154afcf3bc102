'use client'
import { List } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { PerformanceDetail, TierAvailability } from '../../api/bodies.ts'
import { Empty } from '../../ui/empty.tsx'
import { lazyPiece, usePreloadedPieces } from '../../ui/lazy-piece.tsx'
import { categoryColours } from '../event/category-colours.ts'
import { SeatMapSkeleton } from '../seat-map/map-notice.tsx'
import { SeatMap } from '../seat-map/seat-map.tsx'
import { Frame } from './frame.tsx'
import { LegendChips } from './legend-chips.tsx'
import { mapTiers } from './map-tiers.ts'
import { PickingPanel } from './picking-panel.tsx'
import { type SeatMapData, useSeatMapData, useSeatSnapshot } from './seat-map-data.ts'
import { usePicking } from './use-picking.ts'
import { usePriceFilter } from './use-price-filter.ts'

/** Comes when it is asked for: the map is what most people choose on. */
const SeatList = lazyPiece(async () => (await import('../seat-map/seat-list.tsx')).SeatList, <SeatMapSkeleton />)

type Props = {
  performance: PerformanceDetail
  geometry_url: string
  availability: TierAvailability[]
  member: boolean
  has_session: boolean
  rendered_at: number
}

/** Choosing seats, full screen: the room, and beside or below it what has been chosen. */
export function SeatsPage(props: Props) {
  const state = useSeatMapData(props.performance.id, props.geometry_url)
  usePreloadedPieces()
  if (state.kind === 'open') return <OpenSeatMap {...props} map={state.map} />
  return (
    <Frame performance={props.performance} now_ms={props.rendered_at}>
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

function OpenSeatMap({
  performance,
  availability,
  member,
  has_session,
  rendered_at,
  map,
}: Props & { map: SeatMapData }) {
  const { geometry, store } = map
  const { tiers } = performance
  const { revision } = useSeatSnapshot(store)
  const picking = usePicking(performance, map, revision, has_session)
  const { legend, shown, tier_ids, toggle } = usePriceFilter(tiers)
  const [as_list, setAsList] = useState(false)
  const colours = useMemo(() => categoryColours(tiers), [tiers])
  const map_tiers = useMemo(() => mapTiers(tiers, colours), [tiers, colours])
  const selection = useMemo(() => picking.picks.map(({ seat }) => geometry.ids[seat] ?? ''), [picking.picks, geometry])
  const offer = picking.message?.offer
  const offered = useMemo(() => (offer ?? []).map((seat) => geometry.ids[seat] ?? ''), [offer, geometry])
  const toggleSeat = (seat_id: string) => {
    const seat = geometry.number_of.get(seat_id)
    if (seat !== undefined) picking.toggleSeat(seat)
  }
  const chips = <LegendChips legend={legend} shown={shown} onToggle={toggle} />
  const view = { geometry, state: store, tiers: map_tiers, selection, onToggle: toggleSeat, filterTierIds: tier_ids }
  return (
    <Frame
      performance={performance}
      now_ms={rendered_at}
      tools={chips}
      other_view={<ListSwitch as_list={as_list} onSwitch={() => setAsList(!as_list)} />}
    >
      <div className="flex min-h-0 flex-1 flex-col min-[900px]:grid min-[900px]:grid-cols-[minmax(0,1fr)_min(380px,36%)] short:flex-none">
        <div className="relative flex min-h-0 flex-1 flex-col">
          <div className="scroll-x !mx-0 flex-none px-5 py-3 lg:hidden" role="group" aria-label="Prices">
            {chips}
          </div>
          <div
            className={`relative min-h-0 flex-1 short:min-h-80 short:flex-none ${as_list ? 'overflow-y-auto' : 'short:h-80'}`}
          >
            {as_list ? (
              <>
                <h2 className="sr-only">Seats by row</h2>
                <SeatList {...view} />
              </>
            ) : (
              <SeatMap
                {...view}
                highlight={offered}
                found={picking.found}
                label={`Seat map of ${performance.event.venue.name}`}
              />
            )}
          </div>
        </div>
        <PickingPanel
          performance={performance}
          availability={availability}
          map={map}
          colours={colours}
          picking={picking}
          among={shown.size > 0 ? legend.filter((entry) => shown.has(entry.key)) : legend}
          member={member}
          rendered_at={rendered_at}
        />
      </div>
    </Frame>
  )
}

function ListSwitch({ as_list, onSwitch }: { as_list: boolean; onSwitch: () => void }) {
  return (
    <button type="button" className="chip" aria-pressed={as_list} onClick={onSwitch}>
      <List size={16} aria-hidden="true" />
      <span className="max-md:sr-only">List of seats</span>
      <span aria-hidden="true" className="md:hidden">
        List
      </span>
    </button>
  )
}
