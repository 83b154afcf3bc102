'use client'
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react'
import { keyAct } from './map-keys.ts'
import type { MapRenderer } from './map-renderer.ts'
import type { Direction } from './seat-steps.ts'

/** Comes with the keyboard's focus. */
const seatSteps = () => import('./seat-steps.ts')

type Props = {
  ref: Ref<HTMLDivElement>
  renderer: MapRenderer | null
  label: string
  /** The seat the keys are on. */
  focused: number | null
  onFocus: (seat: number | null) => void
  onPick: (seat: number) => void
  /** What the room is painted on. */
  children: ReactNode
}

/** Takes the keyboard for the room, and says how. */
export function MapApplication({ ref, renderer, label, focused, onFocus, onPick, children }: Props) {
  const helpId = useId()
  const step = async (on: MapRenderer, direction: Direction) => {
    const { stepFrom } = await seatSteps()
    const next = stepFrom(on, direction)
    if (next === null) return
    onFocus(next)
    on.reveal(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (renderer === null || event.altKey || event.ctrlKey || event.metaKey) return
    const act = keyAct(event.key, focused !== null)
    if (act === null) return
    event.preventDefault()
    if (act.kind === 'step') void step(renderer, act.direction)
    if (act.kind === 'pick' && focused !== null) onPick(focused)
    if (act.kind === 'leave') onFocus(null)
    if (act.kind === 'zoom') renderer.zoomStep(act.factor)
    if (act.kind === 'home') renderer.goHome()
  }
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application has keys of its own; the list is the way without them. */}
      <div
        ref={ref}
        role="application"
        aria-label={label}
        aria-roledescription="seat map"
        aria-describedby={helpId}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keyboard.
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => void seatSteps()}
        onBlur={() => onFocus(null)}
        onPointerDown={() => onFocus(null)}
        className="absolute inset-0 -outline-offset-3"
      >
        {children}
      </div>
      <p id={helpId} className="sr-only">
        Arrow keys go from free seat to free seat, Enter chooses, plus and minus zoom, 0 shows the whole room. The list
        of seats offers the same places row by row.
      </p>
    </>
  )
}
