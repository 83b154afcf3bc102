import type { Metadata } from 'next'
import { getDoorState, getPerformance } from '../../../api/operations.ts'
import { seen } from '../../../api/seen.ts'
import { NoAccess } from '../../../features/account/no-access.tsx'
import { Scanner } from '../../../features/scanner/scanner.tsx'

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
  const { venue } = performance.event
  return (
    <Scanner
      performance_id={performance.id}
      title={performance.event.title}
      venue={venue.name}
      start_time={performance.start_time}
      time_zone={venue.time_zone}
      counts={{ admitted: state.admitted, total: state.total }}
    />
  )
}
