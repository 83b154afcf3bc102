'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type SeatState, type SeatStates, seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { useEffect, useRef } from 'react'
import { type SeatMapData, useSeatMapData } from '../seats/seat-map-data.ts'

const PADDING_PX = 8

type Props = { performance_id: string; geometry_url: string; words: string }

/** The seats at a glance: sold in ink, on hold in the accent, blocked hollow, free faint. Live; `words` say the same. */
export function SalesMap({ performance_id, geometry_url, words }: Props) {
  const state = useSeatMapData(performance_id, geometry_url)
  return (
    <figure>
      <div className="aspect-[3/2] w-full">
        {state.kind === 'open' && <Canvas map={state.map} label={words} />}
        {state.kind === 'loading' && <div className="skeleton size-full" />}
        {state.kind === 'failed' && (
          <button type="button" className="btn quiet size-full" onClick={state.retry}>
            The plan did not load. Try again
          </button>
        )}
      </div>
      <figcaption className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-14 text-ink-2">
        <Key className="bg-ink" name="sold" />
        <Key className="bg-accent" name="on hold" />
        <Key className="border border-ink-3" name="blocked" />
        <Key className="bg-line" name="free" />
      </figcaption>
    </figure>
  )
}

function Key({ className, name }: { className: string; name: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <i aria-hidden="true" className={`size-2.5 rounded-full ${className}`} />
      {name}
    </span>
  )
}

function Canvas({ map, label }: { map: SeatMapData; label: string }) {
  const ref = useRef<HTMLCanvasElement>(null)
  // An effect, because a canvas is painted, not rendered: when seats change, when its size does, and when the theme does.
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    const repaint = () => paint(canvas, map.geometry, map.store.states)
    repaint()
    const stop = map.store.onChange(repaint)
    const resized = new ResizeObserver(repaint)
    resized.observe(canvas)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', repaint)
    return () => {
      stop()
      resized.disconnect()
      dark.removeEventListener('change', repaint)
    }
  }, [map])
  return <canvas ref={ref} role="img" aria-label={label} className="size-full" />
}

function paint(canvas: HTMLCanvasElement, geometry: Geometry, states: SeatStates): void {
  const { clientWidth: width, clientHeight: height } = canvas
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  const dpr = window.devicePixelRatio
  canvas.width = width * dpr
  canvas.height = height * dpr
  context.scale(dpr, dpr)
  const { left, top, right, bottom } = geometry.bounds
  const scale = Math.min((width - 2 * PADDING_PX) / (right - left), (height - 2 * PADDING_PX) / (bottom - top))
  const dx = (width - (right - left) * scale) / 2 - left * scale
  const dy = (height - (bottom - top) * scale) / 2 - top * scale
  const radius = Math.max(0.8, geometry.pitch * 0.36 * scale)
  const css = getComputedStyle(canvas)
  const colours: Record<SeatState, string> = {
    sold: css.getPropertyValue('--ink'),
    held: css.getPropertyValue('--accent'),
    blocked: css.getPropertyValue('--ink-3'),
    available: css.getPropertyValue('--line'),
  }
  for (const state of ['available', 'blocked', 'sold', 'held'] as const) {
    context.beginPath()
    for (let seat = 0; seat < geometry.count; seat++) {
      if (seatStateAt(states, seat) !== state) continue
      const x = (geometry.x[seat] ?? 0) * scale + dx
      const y = (geometry.y[seat] ?? 0) * scale + dy
      context.moveTo(x + radius, y)
      context.arc(x, y, radius, 0, 2 * Math.PI)
    }
    context.fillStyle = colours[state]
    context.strokeStyle = colours[state]
    if (state === 'blocked') context.stroke()
    else context.fill()
  }
}
