'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { renewSession } from '../../api/client.ts'
import { sessionIsLikely } from '../../api/session-memory.ts'

/**
 * Stands where the server saw no session: an access token lives a quarter of an hour, and only the browser can take a
 * new one. Renews it and asks for the page again, now with its owner.
 */
export function SessionKeeper() {
  const router = useRouter()
  // An effect, because the answer's cookies reach only the browser.
  useEffect(() => {
    if (sessionIsLikely()) void renewSession().then((renewed) => renewed && router.refresh())
  }, [router])
  return null
}
