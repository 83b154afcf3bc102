'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useNow } from './use-now.ts'
import { spanText } from './when.ts'

/** Time until `until`, by the server's clock. When it is over the page is asked anew, once. */
export function Countdown({
  until,
  rendered_at,
  className,
}: {
  until: string
  rendered_at: number
  className?: string
}) {
  const left_ms = Date.parse(until) - useNow(rendered_at)
  const router = useRouter()
  const asked = useRef(false)
  // An effect, because the end of the wait is an event of time, not of a render.
  useEffect(() => {
    if (left_ms > 0 || asked.current) return
    asked.current = true
    router.refresh()
  }, [left_ms, router])
  return (
    <span role="timer" className={`num ${className ?? ''}`}>
      {spanText(left_ms)}
    </span>
  )
}
