'use client'
import { useCallback, useEffect, useState } from 'react'
import { getDoorState } from '../../api/operations.ts'

const COUNTS_EVERY_MS = 5_000

export type DoorCounts = { admitted: number; total: number }

/** How many are inside, and what counts anew at once. */
export function useDoorCounts(performance_id: string, first: DoorCounts): [DoorCounts, () => void] {
  const [counts, setCounts] = useState(first)
  const recount = useCallback(() => {
    getDoorState(performance_id).then(setCounts, () => undefined)
  }, [performance_id])
  // An effect, because other gates change the counts while this page stands still.
  useEffect(() => {
    const timer = setInterval(recount, COUNTS_EVERY_MS)
    return () => clearInterval(timer)
  }, [recount])
  return [counts, recount]
}
