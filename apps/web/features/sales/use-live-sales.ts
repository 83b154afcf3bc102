'use client'
import { useEffect, useState } from 'react'
import type { EventSales } from '../../api/bodies.ts'
import { renewSession } from '../../api/client.ts'
import { paths } from '../../paths.ts'

const RETRY_MS = 3_000

/**
 * An event's sales as they happen. `live` is false while the stream is away; it comes back by itself, with a renewed
 * session when the old one had run out.
 */
export function useLiveSales(event_id: string, first: EventSales): { sales: EventSales; live: boolean } {
  const [sales, setSales] = useState(first)
  const [live, setLive] = useState(false)
  // An effect, because the stream is a connection that has to be opened and closed.
  useEffect(() => {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const open = () => {
      if (gone) return
      source = new EventSource(paths.salesStream(event_id))
      source.addEventListener('open', () => setLive(true))
      source.addEventListener('sales', (event) => setSales(JSON.parse(event.data)))
      source.addEventListener('error', () => {
        setLive(false)
        // The browser tries again by itself unless the answer was a refusal: then the session is likely to have ended.
        if (source?.readyState !== EventSource.CLOSED) return
        timer = setTimeout(() => void renewSession().then(open), RETRY_MS)
      })
    }
    open()
    return () => {
      gone = true
      clearTimeout(timer)
      source?.close()
    }
  }, [event_id])
  return { sales, live }
}
