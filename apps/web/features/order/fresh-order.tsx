'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const ASK_EVERY_MS = 1_500

/**
 * Reads the order again when its page is shown again, since it may have been cancelled meanwhile, and while it is
 * `waiting` for its tickets.
 */
export function FreshOrder({ waiting }: { waiting: boolean }) {
  const router = useRouter()
  // An effect, because it is the browser that shows a page again, and time that issues tickets.
  useEffect(() => {
    const shown = () => {
      if (document.visibilityState === 'visible') router.refresh()
    }
    document.addEventListener('visibilitychange', shown)
    const timer = waiting ? setInterval(shown, ASK_EVERY_MS) : undefined
    return () => {
      document.removeEventListener('visibilitychange', shown)
      clearInterval(timer)
    }
  }, [router, waiting])
  return null
}
