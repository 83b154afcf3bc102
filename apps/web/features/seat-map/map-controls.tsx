import { Maximize, Minus, Plus } from 'lucide-react'
import { useCallback, useSyncExternalStore } from 'react'
import { lazyPiece } from '../../ui/lazy-piece.tsx'
import { ZOOM_STEP } from './map-keys.ts'
import type { MapRenderer } from './map-renderer.ts'

/** Comes with the first zoom. */
const MiniMap = lazyPiece(async () => (await import('./mini-map.tsx')).MiniMap)

/** Where in the room you are, once it is not seen whole, and buttons for those who do not pinch or turn a wheel. */
export function MapControls({ renderer }: { renderer: MapRenderer | null }) {
  const isZoomed = useIsZoomed(renderer)
  const button = 'grid size-11 place-items-center hover:bg-line-2 disabled:text-ink-3'
  const zoom = (factor: number) => () => renderer?.zoomStep(factor)
  return (
    <div className="absolute right-4 bottom-4 flex flex-col items-end gap-2">
      {isZoomed && renderer !== null && <MiniMap renderer={renderer} />}
      <div className="flex divide-x divide-line overflow-hidden rounded-md border border-line bg-surface">
        <button type="button" className={button} aria-label="Zoom in" onClick={zoom(ZOOM_STEP)}>
          <Plus size={18} aria-hidden="true" />
        </button>
        <button type="button" className={button} aria-label="Zoom out" onClick={zoom(1 / ZOOM_STEP)}>
          <Minus size={18} aria-hidden="true" />
        </button>
        <button
          type="button"
          className={button}
          aria-label="Show the whole room"
          onClick={() => renderer?.goHome()}
          disabled={!isZoomed}
        >
          <Maximize size={16} aria-hidden="true" />
        </button>
      </div>
    </div>
  )
}

/** The camera moves outside of React, which renders at once what a store tells: in a task of its own, as the frame is full. */
function useIsZoomed(renderer: MapRenderer | null): boolean {
  const subscribe = useCallback(
    (listener: () => void) => renderer?.onMove(() => setTimeout(listener)) ?? (() => {}),
    [renderer],
  )
  return useSyncExternalStore(
    subscribe,
    () => renderer?.cameraController.isZoomed ?? false,
    () => false,
  )
}
