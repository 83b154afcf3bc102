import type { Metadata } from 'next'
import Link from 'next/link'
import { myEvents } from '../../api/organizer-page.ts'
import { currentUser } from '../../api/visitor.ts'
import { NoAccess } from '../../features/account/no-access.tsx'
import { Poster } from '../../features/poster/poster.tsx'
import { byDate, listedPerformance, workplace } from '../../features/sales/organizer-events.ts'
import { Empty } from '../../ui/empty.tsx'
import { shortWhen } from '../../ui/when.ts'

export const metadata: Metadata = { title: 'My events', robots: { index: false } }

const STATUS = { draft: 'Draft', published: 'On sale', cancelled: 'Cancelled', completed: 'Over' } as const

export default async function OrganizerPage() {
  const [found, user] = await Promise.all([myEvents(), currentUser()])
  if (found.kind === 'refused')
    return (
      <NoAccess title="Sell tickets" user={found.user}>
        Sign in with the account of your organization to see its events and sales.
      </NoAccess>
    )
  const now_ms = Date.now()
  const events = byDate(found.value, now_ms)
  return (
    <>
      <h1 className="mb-6 text-40">Events</h1>
      {events.length === 0 ? (
        <Empty
          title="No events yet"
          action={
            <a className="btn ink" href="/docs">
              How to make one through the API
            </a>
          }
        >
          Events of your organization appear here with their sales, live.
        </Empty>
      ) : (
        <ul className="border-b border-line">
          {events.map((event) => {
            const listed = listedPerformance(event, now_ms)
            const href = user && workplace(user, event, now_ms)
            return (
              <li key={event.id} className="group relative flex items-center gap-4 border-t border-line py-4">
                <div className="h-[70px] w-14 flex-none overflow-hidden rounded-sm">
                  <Poster title={event.title} genre={event.genre} />
                </div>
                <div className="min-w-0 flex-1">
                  <h2 dir="auto" className="text-20">
                    {href ? (
                      <Link
                        href={href}
                        className="after:absolute after:inset-0 group-hover:underline group-hover:underline-offset-3"
                      >
                        {event.title}
                      </Link>
                    ) : (
                      event.title
                    )}
                  </h2>
                  <p className="num text-14 text-ink-2">
                    {listed && shortWhen(listed.start_time, event.venue.time_zone, now_ms)}
                    {event.performances.length > 1 && ` · +${event.performances.length - 1} more`} ·{' '}
                    <bdi>{event.venue.name}</bdi>, <bdi>{event.venue.city}</bdi>
                  </p>
                </div>
                <span className="flex-none text-14 text-ink-2">{STATUS[event.status]}</span>
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}
