import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import { useEffect, useRef } from 'react'
import { toScreen } from './camera.ts'
import { cardPlace } from './card-place.ts'
import type { MapRenderer } from './map-renderer.ts'
import type { CategoryOffer } from './offers.ts'
import { availabilityWords, type SeatFacts, seatFacts, seatSentence, sightWords } from './seat-facts.ts'

/** From the seat's middle, that its disc stays in sight. */
const LIFT_PITCHES = 0.75
const LIFT_PX_MIN = 14

export type ShownSeat = {
  geometry: Geometry
  offers: readonly CategoryOffer[]
  seat: number
  state: SeatState
  is_mine: boolean
}

function factsOf({ geometry, offers, seat, state, is_mine }: ShownSeat): SeatFacts {
  return seatFacts(geometry, offers, seat, state, is_mine)
}

/** For those who hear the map. */
export function SeatSentence(shown: ShownSeat) {
  return seatSentence(factsOf(shown))
}

/** The card beside its seat, wherever the camera goes. For eyes only: others hear the seat's sentence. */
export function PlacedSeatCard({ renderer, ...shown }: ShownSeat & { renderer: MapRenderer }) {
  const { geometry, offers, seat } = shown
  const ref = useRef<HTMLDivElement>(null)
  // After every render, because a card is placed by its size; and outside of React, as the camera moves.
  useEffect(() => {
    const place = () => {
      if (ref.current === null) return
      const { cameraController, scene } = renderer
      const { offsetWidth: width, offsetHeight: height } = ref.current
      const middle = { x: scene.geometry.x[seat] ?? 0, y: scene.geometry.y[seat] ?? 0 }
      const lift = Math.max(cameraController.pitchPx * LIFT_PITCHES, LIFT_PX_MIN)
      const at = cardPlace(
        toScreen(cameraController.camera, cameraController.viewport, middle),
        lift,
        { width, height },
        cameraController.viewport,
      )
      ref.current.style.transform = `translate(${at.x}px, ${at.y}px)`
    }
    place()
    return renderer.onMove(place)
  })
  return (
    <div ref={ref} aria-hidden="true" className="pointer-events-none absolute top-0 left-0">
      <SeatCard
        facts={factsOf(shown)}
        color={offers[geometry.category[seat] ?? 0]?.color ?? ''}
        sight={sightWords(geometry, seat)}
      />
    </div>
  )
}

/** What the seat under the pointer is: name, price, sight, and why it cannot be had. */
function SeatCard({ facts, color, sight }: { facts: SeatFacts; color: string; sight: string }) {
  const isHad = facts.availability === 'free' || facts.availability === 'yours'
  return (
    <div className="w-max max-w-64 rounded-md border border-line bg-surface px-3.5 py-2.5 text-14 shadow-[0_6px_24px_rgb(0_0_0/0.10)]">
      <b dir="auto" className="block">
        {facts.name}
      </b>
      {isHad && facts.price !== null && (
        <span className="num mt-0.5 flex items-center gap-2">
          <i aria-hidden="true" className="swatch size-2.5 flex-none rounded-[3px]" style={{ background: color }} />
          {facts.price}
        </span>
      )}
      {facts.availability !== 'free' && <span className="mt-0.5 block">{availabilityWords[facts.availability]}</span>}
      {facts.note !== '' && <span className="mt-0.5 block first-letter:uppercase">{facts.note}</span>}
      {isHad && <span className="mt-0.5 block text-ink-2 text-12 first-letter:uppercase">{sight}</span>}
    </div>
  )
}
