'use client'
import { useState, useTransition } from 'react'
import type { EventListItem } from '../../api/bodies.ts'
import { listEvents } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { EventCard, EventCardSkeleton } from './event-card.tsx'

/** The pages after the first, added below it on demand. Stands inside the grid of the first page. */
export function MoreEvents({
  filter,
  cursor: first,
  now_ms,
}: {
  filter: Parameters<typeof listEvents>[0]
  cursor: string
  now_ms: number
}) {
  const [events, setEvents] = useState<EventListItem[]>([])
  const [cursor, setCursor] = useState<string | null>(first)
  const [failure, setFailure] = useState<string>()
  const [pending, start] = useTransition()
  function more() {
    if (!cursor) return
    start(async () => {
      setFailure(undefined)
      try {
        const page = await listEvents({ ...filter, cursor })
        setEvents((known) => [...known, ...page.items])
        setCursor(page.next_cursor)
      } catch (error) {
        setFailure(problemText(error))
      }
    })
  }
  return (
    <>
      {events.map((event) => (
        <li key={event.id}>
          <EventCard event={event} now_ms={now_ms} />
        </li>
      ))}
      {pending &&
        [0, 1, 2, 3].map((key) => (
          <li key={key}>
            <EventCardSkeleton />
          </li>
        ))}
      <li className="col-span-full flex flex-col items-center gap-4 pt-4">
        {failure && (
          <Notice tone="bad" live="polite">
            {failure}
          </Notice>
        )}
        {cursor && (
          <button type="button" className="btn quiet" onClick={more} disabled={pending}>
            {pending ? 'One moment …' : 'Show more'}
          </button>
        )}
      </li>
    </>
  )
}
