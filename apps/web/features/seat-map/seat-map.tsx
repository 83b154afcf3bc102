'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { toScreen } from './camera.ts'
import { MapControls } from './map-controls.tsx'
import { MapNotice } from './map-notice.tsx'
import { isSelectable } from './map-scene.ts'
import { MarksLegend } from './marks-legend.tsx'
import { MiniMap } from './mini-map.tsx'
import { type MapTier, offersOf, seatFacts, seatSentence, sightWords } from './offers.ts'
import { SeatCard } from './seat-card.tsx'
import type { Direction } from './seat-index.ts'
import type { SeatStateStore } from './seat-state-store.ts'
import { useMapGestures } from './use-map-gestures.ts'
import { useMapRenderer } from './use-map-renderer.ts'

export type SeatMapProps = {
  geometry: Geometry
  state: SeatStateStore
  tiers: readonly MapTier[]
  /** Seat ids that are yours: chosen or held for you. */
  selection: readonly string[]
  /** A free seat, or one of yours, was clicked, tapped or chosen by key. */
  onToggle: (seat_id: string) => void
  onHover?: (seat_id: string | null) => void
  /** Show these tiers' prices only; the rest is dimmed. Empty or absent = all. */
  filterTierIds?: readonly string[]
  /** Seat ids to point out; the map goes there. */
  highlight?: readonly string[]
  /** Seat ids whose hold is on its way. */
  busySeatIds?: readonly string[]
  label?: string
}

const arrows: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const none: readonly string[] = []

/** The room. Fills its parent. `SeatList` offers the same to those who would rather read than look. */
export function SeatMap(props: SeatMapProps) {
  const { geometry, state, tiers, selection, onToggle, onHover, highlight = none, busySeatIds = none } = props
  const [root, scene, marks, card] = [
    useRef<HTMLDivElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLDivElement>(null),
  ]
  const [hovered, setHovered] = useState<number | null>(null)
  const [focused, setFocused] = useState<number | null>(null)
  const [isZoomed, setIsZoomed] = useState(false)
  const movedListeners = useRef(new Set<() => void>())
  const helpId = useId()
  const snapshot = useSyncExternalStore(state.subscribe, state.getSnapshot, state.getSnapshot)
  const offers = useMemo(() => offersOf(geometry, tiers, props.filterTierIds), [geometry, tiers, props.filterTierIds])
  const numbers = useCallback(
    (ids: readonly string[]) => ids.flatMap((id) => geometry.number_of.get(id) ?? []),
    [geometry],
  )
  const mine = useMemo(() => numbers(selection), [numbers, selection])
  const pointedOut = useMemo(() => numbers(highlight), [numbers, highlight])
  const busy = useMemo(() => numbers(busySeatIds), [numbers, busySeatIds])
  // Until we know who has what, there is nothing to tell about a seat.
  const shown = snapshot.version < 0 ? null : (hovered ?? focused)

  const placeCard = () => {
    if (card.current === null || renderer === null || shown === null) return
    const at = toScreen(renderer.pilot.camera, renderer.pilot.viewport, {
      x: geometry.x[shown] ?? 0,
      y: geometry.y[shown] ?? 0,
    })
    const { width, height } = renderer.pilot.viewport
    const { offsetWidth, offsetHeight } = card.current
    const lift = Math.max(renderer.pilot.pitchPx * 0.75, 14)
    const left = Math.min(Math.max(at.x - offsetWidth / 2, 8), width - offsetWidth - 8)
    const above = at.y - lift - offsetHeight
    card.current.style.transform = `translate(${left}px, ${above > 8 ? above : Math.min(at.y + lift, height - offsetHeight - 8)}px)`
  }
  const pick = (seat: number) => {
    const id = geometry.ids[seat]
    if (id === undefined || renderer === null) return
    if (mine.includes(seat) || isSelectable(renderer.scene, seat)) onToggle(id)
    // A finger has no hover: the card says why nothing happened, until the next touch.
    else setFocused(seat)
  }
  const canvases = useMemo(() => ({ root, scene, marks }), [root, scene, marks])
  const renderer = useMapRenderer(
    canvases,
    geometry,
    state,
    offers,
    { selection: mine, highlight: pointedOut, busy, focused },
    {
      onHover: (seat) => {
        setHovered(seat)
        onHover?.(seat === null ? null : (geometry.ids[seat] ?? null))
      },
      onPick: pick,
      onMove: () => {
        placeCard()
        for (const listener of movedListeners.current) listener()
        setIsZoomed(renderer !== null && renderer.pilot.camera.scale > renderer.pilot.home.scale * 1.3)
      },
    },
  )
  useMapGestures(marks, renderer)
  // The card is placed after it is measured; the camera flies to what is pointed out. Both live outside of React.
  useEffect(placeCard)
  useEffect(() => {
    if (pointedOut.length > 0) renderer?.showSeats(pointedOut)
  }, [renderer, pointedOut])
  const onMoved = useCallback((listener: () => void) => {
    movedListeners.current.add(listener)
    return () => void movedListeners.current.delete(listener)
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (renderer === null || event.altKey || event.ctrlKey || event.metaKey) return
    const direction = arrows[event.key]
    const now = performance.now()
    if (direction !== undefined) {
      const next = renderer.step(direction)
      if (next !== null) {
        setFocused(next)
        renderer.reveal(next)
      }
    } else if ((event.key === 'Enter' || event.key === ' ') && focused !== null) pick(focused)
    else if (event.key === '+' || event.key === '=') renderer.pilot.zoomStep(1.8, now)
    else if (event.key === '-') renderer.pilot.zoomStep(1 / 1.8, now)
    else if (event.key === '0') renderer.pilot.goHome(now)
    else if (event.key === 'Escape' && focused !== null) setFocused(null)
    else return
    event.preventDefault()
    renderer.repaint()
  }
  const facts =
    shown === null
      ? null
      : seatFacts(geometry, offers, shown, state.stateOf(geometry.ids[shown] ?? ''), mine.includes(shown))

  return (
    <div className="relative h-full w-full overflow-hidden" aria-busy={snapshot.status === 'loading'}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application has keys of its own; the list is the way without them. */}
      <div
        ref={root}
        role="application"
        aria-label={props.label ?? `Seat map, ${geometry.name}`}
        aria-roledescription="seat map"
        aria-describedby={helpId}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keyboard.
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setFocused(null)}
        onPointerDown={() => setFocused(null)}
        className="absolute inset-0 -outline-offset-3"
      >
        <canvas
          ref={scene}
          className={`absolute inset-0 size-full transition-opacity duration-200 ${snapshot.status === 'loading' ? 'opacity-40' : ''}`}
        />
        <canvas ref={marks} className="absolute inset-0 size-full touch-none" />
      </div>
      <p id={helpId} className="sr-only">
        Arrow keys go from free seat to free seat, Enter chooses, plus and minus zoom, 0 shows the whole room. The list
        of seats offers the same places row by row.
      </p>
      <p className="sr-only" aria-live="polite">
        {focused !== null && facts !== null ? seatSentence(facts) : ''}
      </p>
      {facts !== null && shown !== null && (
        <div ref={card} aria-hidden="true" className="pointer-events-none absolute top-0 left-0">
          <SeatCard
            facts={facts}
            sight={sightWords(geometry, shown)}
            color={offers[geometry.category[shown] ?? 0]?.color ?? ''}
          />
        </div>
      )}
      <div className="pointer-events-none absolute bottom-4 left-4 hidden max-w-[55%] rounded-md bg-paper/85 px-2 py-1 md:block">
        <MarksLegend flags={geometry.flags} />
      </div>
      <div className="absolute right-4 bottom-4 flex items-end gap-3">
        {isZoomed && renderer !== null && <MiniMap renderer={renderer} onMoved={onMoved} />}
        <MapControls
          isWhole={!isZoomed}
          onZoom={(factor) => {
            renderer?.pilot.zoomStep(factor, performance.now())
            renderer?.repaint()
          }}
          onWhole={() => {
            renderer?.pilot.goHome(performance.now())
            renderer?.repaint()
          }}
        />
      </div>
      <MapNotice status={snapshot.status} onRetry={state.retry} />
    </div>
  )
}
