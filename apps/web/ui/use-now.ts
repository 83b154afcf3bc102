'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { serverNow } from './server-clock.ts'

/**
 * The server's time, new every second while the page is seen. `rendered_at` is the time the server rendered with, so that
 * the first paint and hydration agree.
 */
export function useNow(rendered_at: number): number {
  const subscribe = useCallback((changed: () => void) => {
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      changed()
      timer = setTimeout(tick, 1_000 - (serverNow() % 1_000))
    }
    tick()
    return () => clearTimeout(timer)
  }, [])
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(serverNow() / 1_000) * 1_000,
    () => rendered_at,
  )
}
