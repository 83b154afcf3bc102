'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const WAIT_MS = { first: 1_500, growth: 1.4, sum: 300_000 }

/**
 * Reads the order again when its page is shown again, since it may have been cancelled meanwhile, and while it is
 * `waiting` for its tickets: ever more slowly, and for some minutes at most.
 */
export function FreshOrder({ waiting }: { waiting: boolean }) {
  const router = useRouter()
  // An effect, because it is the browser that shows a page again, and time that issues tickets.
  useEffect(() => {
    const shown = () => {
      if (document.visibilityState === 'visible') router.refresh()
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = (ms: number, left_ms: number) => {
      if (ms > left_ms) return
      timer = setTimeout(() => {
        shown()
        wait(ms * WAIT_MS.growth, left_ms - ms)
      }, ms)
    }
    if (waiting) wait(WAIT_MS.first, WAIT_MS.sum)
    document.addEventListener('visibilitychange', shown)
    return () => {
      document.removeEventListener('visibilitychange', shown)
      clearTimeout(timer)
    }
  }, [router, waiting])
  return null
}
