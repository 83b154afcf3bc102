'use client'
import { type RefObject, useEffect } from 'react'
import type { Point } from './camera.ts'
import { type Gesture, idleGesture, type PointerInput, stepGesture, wheelFactor } from './gesture.ts'
import type { MapRenderer } from './map-renderer.ts'

/** Pointers and wheel on the map. Native listeners: React's wheel listener is passive and could not stop the page. */
export function useMapGestures(surface: RefObject<HTMLElement | null>, renderer: MapRenderer | null): void {
  useEffect(() => {
    const element = surface.current
    if (element === null || renderer === null) return
    const leaving = new AbortController()
    const listen = { signal: leaving.signal }
    let gesture: Gesture = idleGesture
    const place = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }
    const feed = (kind: PointerInput['kind'], event: PointerEvent) => {
      const step = stepGesture(gesture, {
        kind,
        id: event.pointerId,
        ...place(event),
        at: event.timeStamp,
        is_touch: event.pointerType === 'touch',
      })
      gesture = step.gesture
      for (const act of step.acts) renderer.act(act)
      element.style.cursor = gesture.mode === 'pan' ? 'grabbing' : renderer.isOverTarget() ? 'pointer' : 'grab'
    }
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0) return
        element.setPointerCapture(event.pointerId)
        feed('down', event)
      },
      listen,
    )
    element.addEventListener(
      'pointermove',
      (event) => {
        if (gesture.mode === 'idle' && event.pointerType !== 'touch') renderer.point(place(event))
        else if (gesture.mode === 'pan' || gesture.mode === 'pinch') renderer.point(null)
        feed('move', event)
      },
      listen,
    )
    element.addEventListener('pointerup', (event) => feed('up', event), listen)
    element.addEventListener('pointercancel', (event) => feed('cancel', event), listen)
    element.addEventListener('pointerleave', () => renderer.point(null), listen)
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault()
        const factor = wheelFactor({ delta: event.deltaY, delta_mode: event.deltaMode, is_pinch: event.ctrlKey })
        renderer.act({ kind: 'grab' })
        renderer.act({ kind: 'zoom', at: place(event), factor })
      },
      { ...listen, passive: false },
    )
    return () => leaving.abort()
  }, [surface, renderer])
}
