'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { lazyPiece } from '../../ui/lazy-piece.tsx'
import { MapApplication } from './map-application.tsx'
import { MapControls } from './map-controls.tsx'
import { MapNotice } from './map-notice.tsx'
import { isSelectable } from './map-scene.ts'
import { MarksLegend } from './marks-legend.tsx'
import { type MapTier, offersOf } from './offers.ts'
import type { SeatStateStore } from './seat-state-store.ts'
import { useMapGestures } from './use-map-gestures.ts'
import { useMapRenderer } from './use-map-renderer.ts'

/** Both come with the first seat that is pointed at. */
const PlacedSeatCard = lazyPiece(async () => (await import('./seat-card.tsx')).PlacedSeatCard)
const SeatSentence = lazyPiece(async () => (await import('./seat-card.tsx')).SeatSentence)

export type SeatMapProps = {
  geometry: Geometry
  state: SeatStateStore
  tiers: readonly MapTier[]
  /** Seat ids that are yours: chosen or held for you. */
  selection: readonly string[]
  /** A free seat, or one of yours, was clicked, tapped or chosen by key. */
  onToggle: (seat_id: string) => void
  /** Show these tiers' prices only; the rest is dimmed. Empty or absent = all. */
  filterTierIds?: readonly string[]
  /** Seat ids to point out; the map goes there. */
  highlight?: readonly string[]
  /** Seat numbers that were just found for someone; the map goes there. */
  found?: readonly number[]
  label?: string
}

const none: readonly string[] = []
const nowhere: readonly number[] = []

/** The room. Fills its parent. `SeatList` offers the same to those who would rather read than look. */
export function SeatMap(props: SeatMapProps) {
  const { geometry, state, tiers, filterTierIds, onToggle } = props
  const root = useRef<HTMLDivElement>(null)
  const scene = useRef<HTMLDivElement>(null)
  // The canvases move with the camera; gestures need something that stays.
  const surface = useRef<HTMLDivElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  const [focused, setFocused] = useState<number | null>(null)
  const snapshot = useSyncExternalStore(state.subscribe, state.getSnapshot, state.getSnapshot)
  const offers = useMemo(() => offersOf(geometry, tiers, filterTierIds), [geometry, tiers, filterTierIds])
  const mine = useNumbers(geometry, props.selection)
  const highlight = useNumbers(geometry, props.highlight)

  const pick = (seat: number) => {
    const id = geometry.ids[seat]
    if (id === undefined || renderer === null) return
    if (mine.includes(seat) || isSelectable(renderer.scene, seat)) onToggle(id)
    // A finger has no hover: the card says why nothing happened, until the next touch.
    else setFocused(seat)
  }
  const marks = { selection: mine, highlight, focused }
  const canvases = useMemo(() => ({ root, scene, marks: over }), [])
  const renderer = useMapRenderer(
    canvases,
    geometry,
    state,
    offers,
    marks,
    { onHover: setHovered, onPick: pick },
    props.found ?? nowhere,
  )
  useMapGestures(surface, renderer)

  // Until we know who has what, there is nothing to tell about a seat.
  const seat = snapshot.version < 0 ? null : (hovered ?? focused)
  const shown =
    seat === null
      ? null
      : { geometry, offers, seat, state: state.stateOf(geometry.ids[seat] ?? ''), is_mine: mine.includes(seat) }
  return (
    <div className="relative h-full w-full overflow-hidden" aria-busy={snapshot.status === 'loading'}>
      <MapApplication
        ref={root}
        renderer={renderer}
        label={props.label ?? `Seat map, ${geometry.name}`}
        focused={focused}
        onFocus={setFocused}
        onPick={pick}
      >
        <div
          ref={scene}
          className={`absolute inset-0 isolate transition-opacity duration-200 ${snapshot.status === 'loading' ? 'opacity-40' : ''}`}
        />
        <canvas ref={over} className="absolute top-0 left-0" />
        <div ref={surface} className="absolute inset-0 touch-none" />
      </MapApplication>
      <p className="sr-only" aria-live="polite">
        {focused !== null && shown !== null && <SeatSentence {...shown} />}
      </p>
      {shown !== null && renderer !== null && <PlacedSeatCard {...shown} renderer={renderer} />}
      <div className="pointer-events-none absolute bottom-4 left-4 hidden max-w-[55%] rounded-md bg-paper/85 px-2 py-1 md:block">
        <MarksLegend flags={geometry.flags} />
      </div>
      <MapControls renderer={renderer} />
      <MapNotice status={snapshot.status} onRetry={state.retry} />
    </div>
  )
}

function useNumbers({ number_of }: Geometry, ids = none): readonly number[] {
  return useMemo(() => ids.flatMap((id) => number_of.get(id) ?? []), [number_of, ids])
}
