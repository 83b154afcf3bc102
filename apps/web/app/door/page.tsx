import type { Metadata } from 'next'
import Link from 'next/link'
import { myEvents } from '../../api/organizer-page.ts'
import { NoAccess } from '../../features/account/no-access.tsx'
import { upcoming } from '../../features/event/from-price.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { Mark } from '../../ui/mark.tsx'
import { shortWhen } from '../../ui/when.ts'

export const metadata: Metadata = { title: 'Door', robots: { index: false } }

export default async function DoorsPage() {
  const found = await myEvents()
  if (found.kind === 'refused')
    return (
      <main id="main">
        <NoAccess title="Door" user={found.user}>
          The door is for the people who work there.
        </NoAccess>
      </main>
    )
  const now_ms = Date.now()
  const rows = found.value
    .flatMap((event) => upcoming(event, now_ms).map((performance) => ({ event, performance })))
    .sort((a, b) => Date.parse(a.performance.start_time) - Date.parse(b.performance.start_time))
  return (
    <main id="main" className="mx-auto w-full max-w-[640px] px-5 py-6">
      <Link
        href={paths.discover()}
        className="display mb-8 flex min-h-11 w-fit items-center gap-2.5 text-20 font-[680]"
      >
        <Mark size={24} />
        Tessera
      </Link>
      <h1 className="mb-6 text-40">Which door?</h1>
      {rows.length === 0 && (
        <Empty title="No doors to open">
          You see the performances of the organizations you belong to. Ask the organizer to add you.
        </Empty>
      )}
      <ul>
        {rows.map(({ event, performance }) => (
          <li key={performance.id} className="group relative border-t border-line py-4">
            <h2 dir="auto" className="text-20">
              <Link
                href={paths.door(performance.id)}
                className="after:absolute after:inset-0 group-hover:underline group-hover:underline-offset-3"
              >
                {event.title}
              </Link>
            </h2>
            <p className="num text-14 text-ink-2">
              {shortWhen(performance.start_time, event.venue.time_zone, now_ms)} · <bdi>{event.venue.name}</bdi>,{' '}
              <bdi>{event.venue.city}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </main>
  )
}
