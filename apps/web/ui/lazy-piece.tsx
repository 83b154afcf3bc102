'use client'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

const loads = new Set<() => Promise<unknown>>()

/** Code that comes when it is first needed, or when the page is at rest (`usePreloadedPieces`). A failed load can be tried again. */
export function loadLater<Code>(load: () => Promise<Code>): () => Promise<Code> {
  loads.add(load)
  return load
}

/**
 * A component that loads when it is first shown, so that the page does not wait for it; `waiting` is shown meanwhile. Unlike
 * React's `lazy`, a load that fails (no network) leaves the page as it is: the piece says so in its own place, and can be
 * tried again.
 */
export function lazyPiece<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined
  const loadOnce = loadLater(async () => {
    loaded ??= await load()
    return loaded
  })
  return function Piece(props: Props) {
    const [Loaded, setLoaded] = useState(() => loaded)
    const [failed, setFailed] = useState(false)
    // An effect, because loading code is the network's work.
    useEffect(() => {
      if (Loaded !== undefined || failed) return
      let shown = true
      loadOnce().then(
        (piece) => shown && setLoaded(() => piece),
        () => shown && setFailed(true),
      )
      return () => {
        shown = false
      }
    }, [Loaded, failed])
    if (Loaded !== undefined) return <Loaded {...props} />
    if (!failed) return waiting
    return (
      <p role="alert" className="p-4 text-14">
        This part could not be loaded. Check your connection.{' '}
        <button type="button" className="link" onClick={() => setFailed(false)}>
          Try again
        </button>
      </p>
    )
  }
}

const AT_REST_MS = 1_500

/** Loads what comes later once the page is at rest, so that a connection lost after that takes nothing away. */
export function usePreloadedPieces(): void {
  // An effect, because it waits for the page to be at rest, and for a network that was away.
  useEffect(() => {
    const load = () => void Promise.allSettled([...loads].map((one) => one()))
    const timer = setTimeout(load, AT_REST_MS)
    addEventListener('online', load)
    return () => {
      clearTimeout(timer)
      removeEventListener('online', load)
    }
  }, [])
}
