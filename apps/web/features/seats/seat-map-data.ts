'use client'
import { decodeGeometry, type Geometry, type GeometryDocument } from '@tessera/contracts/seat-map/geometry'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SeatSnapshot } from '../seat-map/seat-bulletin.ts'
import { createSeatStateStore, type SeatStateStore } from '../seat-map/seat-state-store.ts'

/** A chart's geometry and the live states of its seats. */
export type SeatMapData = { geometry: Geometry; store: SeatStateStore }
export type SeatMapDataState =
  | { kind: 'loading' }
  | { kind: 'failed'; retry: () => void }
  | { kind: 'open'; map: SeatMapData }

/** Fetches the geometry and opens the seat states. The geometry at an address never changes, so that browsers cache it. */
export function useSeatMapData(performance_id: string, geometry_url: string): SeatMapDataState {
  const [state, setState] = useState<SeatMapDataState>({ kind: 'loading' })
  const [attempt, setAttempt] = useState(0)
  // An effect, because the geometry is fetched and the stream opened only in the browser.
  useEffect(() => {
    const gone = new AbortController()
    let close = () => {}
    readGeometry(geometry_url, gone.signal).then(
      (geometry) => {
        if (gone.signal.aborted) return
        const store = createSeatStateStore(performance_id, geometry)
        close = store.open()
        setState({ kind: 'open', map: { geometry, store } })
      },
      () => {
        if (gone.signal.aborted) return
        const retry = () => {
          setState({ kind: 'loading' })
          setAttempt((times) => times + 1)
        }
        setState({ kind: 'failed', retry })
      },
    )
    return () => {
      gone.abort()
      close()
    }
  }, [performance_id, geometry_url, attempt])
  return state
}

export function useSeatSnapshot(store: SeatStateStore): SeatSnapshot {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot)
}

async function readGeometry(url: string, signal: AbortSignal): Promise<Geometry> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(`The geometry answered ${response.status}`)
  const document: GeometryDocument = await response.json()
  return decodeGeometry(document)
}
