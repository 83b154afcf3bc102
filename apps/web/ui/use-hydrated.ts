'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** False until this page's script runs: a form sent before that would be the browser's own, with its fields in the address. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
