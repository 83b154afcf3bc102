import type { Metadata } from 'next'
import Link from 'next/link'
import { getDoorState, getPerformance } from '../../../api/operations.ts'
import { seen } from '../../../api/seen.ts'
import { NoAccess } from '../../../features/account/no-access.tsx'
import { Scanner } from '../../../features/scanner/scanner.tsx'
import { paths } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'
import { shortWhen } from '../../../ui/when.ts'

export const metadata: Metadata = { title: 'Scan', robots: { index: false } }

export default async function DoorPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const found = await seen((visitor) => Promise.all([getPerformance(id, visitor), getDoorState(id, visitor)]))
  if (found.kind === 'refused')
    return (
      <main id="main">
        <NoAccess title="Door" user={found.user}>
          The door is for the people who work there. Ask the organizer to add you.
        </NoAccess>
      </main>
    )
  const [performance, state] = found.value
  const { title, venue } = performance.event
  if (performance.status === 'cancelled')
    return (
      <main id="main" className="mx-auto w-full max-w-[640px] px-5 py-6">
        <Empty
          title="Cancelled"
          action={
            <Link className="btn quiet" href={paths.doors()}>
              Other doors
            </Link>
          }
        >
          <bdi>{title}</bdi>, {shortWhen(performance.start_time, venue.time_zone, Date.now())}, will not take place. Its
          tickets are no longer valid.
        </Empty>
      </main>
    )
  return (
    <Scanner
      performance_id={performance.id}
      title={title}
      venue={venue.name}
      start_time={performance.start_time}
      time_zone={venue.time_zone}
      counts={{ admitted: state.admitted, total: state.total }}
    />
  )
}
