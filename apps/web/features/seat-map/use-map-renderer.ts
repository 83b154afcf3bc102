'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { MapRenderer, type RendererEvents } from './map-renderer.ts'
import type { CategoryOffer } from './offers.ts'
import type { Marks } from './paint-marks.ts'
import type { SeatStateStore } from './seat-state-store.ts'

/** Canvas pixels in a CSS pixel: beyond two, eyes see little more, and every frame costs more than twice as much. */
const DENSITY_MAX = 2

type Canvases = {
  root: RefObject<HTMLElement | null>
  scene: RefObject<HTMLElement | null>
  marks: RefObject<HTMLCanvasElement | null>
}

/** The renderer behind the canvases, kept in step with what React knows. Null until the canvases are there. */
export function useMapRenderer(
  canvases: Canvases,
  geometry: Geometry,
  state: SeatStateStore,
  offers: readonly CategoryOffer[],
  /** The rest the renderer sees for itself. */
  marks: Omit<Marks, 'pulses' | 'hovered'>,
  events: RendererEvents,
  /** Seats that were found for someone: the camera goes there. A new list is a new journey. */
  found: readonly number[],
): MapRenderer | null {
  const [renderer, setRenderer] = useState<MapRenderer | null>(null)
  // The renderer outlives renders; it always calls the newest handlers.
  const latest = useRef({ events, offers })
  useEffect(() => {
    latest.current = { events, offers }
  })

  // Canvases exist only in the browser, and only after the first paint.
  useEffect(() => {
    const root = canvases.root.current
    const scene = canvases.scene.current
    const over = canvases.marks.current
    if (root === null || scene === null || over === null) return
    const made = new MapRenderer({ root, scene, marks: over }, geometry, state.states, latest.current.offers, {
      onHover: (seat) => latest.current.events.onHover(seat),
      onPick: (seat) => latest.current.events.onPick(seat),
    })
    const stopWatching = watchSurroundings(root, made)
    const stopListening = state.onChange((changed) => made.setStates(state.states, changed ?? undefined))
    setRenderer(made)
    return () => {
      stopWatching()
      stopListening()
      made.dispose()
      setRenderer(null)
    }
  }, [canvases.root, canvases.scene, canvases.marks, geometry, state])

  useEffect(() => renderer?.setOffers(offers), [renderer, offers])
  const { selection, highlight, focused } = marks
  useEffect(() => renderer?.setMarks({ selection, highlight, focused }), [renderer, selection, highlight, focused])
  // The camera lives outside of React; it flies to what is pointed out.
  useEffect(() => {
    if (highlight.length > 0) renderer?.showSeats(highlight)
  }, [renderer, highlight])
  useEffect(() => {
    if (found.length > 0) renderer?.showSeats(found)
  }, [renderer, found])
  return renderer
}

/** Size, pixel density, theme, motion and fonts: all that may change round a canvas without telling it. */
function watchSurroundings(root: HTMLElement, renderer: MapRenderer): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  const measure = () => {
    const { width, height } = root.getBoundingClientRect()
    if (width > 0 && height > 0) renderer.resize(width, height, Math.min(window.devicePixelRatio || 1, DENSITY_MAX))
  }
  const sizes = new ResizeObserver(measure)
  sizes.observe(root)
  const motion = matchMedia('(prefers-reduced-motion: reduce)')
  const applyMotion = () => renderer.setStill(motion.matches)
  applyMotion()
  motion.addEventListener('change', applyMotion, { signal })
  const applyTheme = () => renderer.setTheme()
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
    matchMedia(query).addEventListener('change', applyTheme, { signal })
  const themes = new MutationObserver(applyTheme)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] })
  void document.fonts.ready.then(() => signal.aborted || renderer.repaint())
  measure()
  return () => {
    leaving.abort()
    sizes.disconnect()
    themes.disconnect()
  }
}
