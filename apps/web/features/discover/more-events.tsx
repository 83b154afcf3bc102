'use client'
import { useState, useTransition } from 'react'
import type { listEvents } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { type Card, cardsPage } from './cards-page.ts'
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
  const [cards, setCards] = useState<Card[]>([])
  const [cursor, setCursor] = useState<string | null>(first)
  const [failure, setFailure] = useState<string>()
  const [pending, start] = useTransition()
  function more() {
    if (!cursor) return
    start(async () => {
      setFailure(undefined)
      try {
        const page = await cardsPage({ ...filter, cursor })
        setCards((known) => [...known, ...page.cards])
        setCursor(page.next_cursor)
      } catch (error) {
        setFailure(problemText(error))
      }
    })
  }
  return (
    <>
      {cards.map((card) => (
        <li key={card.event.id}>
          <EventCard {...card} now_ms={now_ms} />
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
