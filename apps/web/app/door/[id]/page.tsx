import type { Metadata } from 'next'
import type { DoorState, PerformanceDetail } from '../../../api/bodies.ts'
import { getDoorState, getPerformance } from '../../../api/operations.ts'
import { isProblem } from '../../../api/problem.ts'
import { asVisitor } from '../../../api/visitor.ts'
import { SessionGate } from '../../../features/account/session-gate.tsx'
import { Scanner } from '../../../features/scanner/scanner.tsx'

export const metadata: Metadata = { title: 'Scan', robots: { index: false } }

export default async function DoorPage({ params }: { params: Promise<{ id: string }> }) {
  const found = await doorOf((await params).id)
  if (!found)
    return (
      <main id="main">
        <SessionGate title="Door">The door is for the people who work there. Ask the organizer to add you.</SessionGate>
      </main>
    )
  const { performance, state } = found
  const { venue } = performance.event
  return (
    <Scanner
      performance_id={performance.id}
      title={performance.event.title}
      venue={venue.name}
      time_zone={venue.time_zone}
      counts={{ admitted: state.admitted, total: state.total }}
    />
  )
}

/** Null when this visitor does not work at this door. */
async function doorOf(id: string): Promise<{ performance: PerformanceDetail; state: DoorState } | null> {
  const visitor = await asVisitor()
  try {
    const [performance, state] = await Promise.all([getPerformance(id, visitor), getDoorState(id, visitor)])
    return { performance, state }
  } catch (error) {
    if (isProblem(error, 'unauthenticated', 'forbidden', 'not-found')) return null
    throw error
  }
}
