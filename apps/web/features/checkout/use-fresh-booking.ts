'use client'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import type { Booking } from '../../api/bodies.ts'
import { getBooking } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'

/**
 * A booking as the server has it now. A page that comes back (Back and Forward, another tab, a sleeping phone) may show
 * what was true when it was left, so it is read again whenever the page is shown. `again` reads it at once.
 */
export function useFreshBooking(first: Booking): { booking: Booking; again: () => Promise<void> } {
  const router = useRouter()
  const [read, setRead] = useState(first)
  const { id } = first
  const again = useCallback(async () => {
    try {
      setRead(await getBooking(id))
    } catch (error) {
      // Not ours any more (signed out elsewhere): the page is asked for anew and says so. No answer: what we know stays.
      if (isProblem(error, 'not-found', 'unauthenticated')) router.refresh()
    }
  }, [id, router])
  // An effect, because it is the browser that shows a page again, not a render.
  useEffect(() => {
    void again()
    const shown = () => {
      if (document.visibilityState === 'visible') void again()
    }
    addEventListener('pageshow', shown)
    document.addEventListener('visibilitychange', shown)
    return () => {
      removeEventListener('pageshow', shown)
      document.removeEventListener('visibilitychange', shown)
    }
  }, [again])
  const newer = Date.parse(read.server_time) >= Date.parse(first.server_time)
  return { booking: newer ? read : first, again }
}
