import type { Metadata } from 'next'
import type { Event, EventSales } from '../../../../../api/bodies.ts'
import { getEvent, getEventSales } from '../../../../../api/operations.ts'
import { isProblem } from '../../../../../api/problem.ts'
import { asVisitor } from '../../../../../api/visitor.ts'
import { SessionGate } from '../../../../../features/account/session-gate.tsx'
import { SalesPage } from '../../../../../features/sales/sales-page.tsx'

export const metadata: Metadata = { title: 'Sales', robots: { index: false } }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const found = await salesOf((await params).id)
  if (!found) return <SessionGate title="Sales">Only the organizer sees the sales of an event.</SessionGate>
  const { event, sales } = found
  const geometry_urls = Object.fromEntries(
    event.performances.map((performance) => [performance.id, performance.geometry_url]),
  )
  return (
    <SalesPage
      event={{
        id: event.id,
        title: event.title,
        currency: event.currency,
        time_zone: event.venue.time_zone,
        geometry_urls,
      }}
      first={sales}
    />
  )
}

/** Null when this visitor may not see them. */
async function salesOf(id: string): Promise<{ event: Event; sales: EventSales } | null> {
  const visitor = await asVisitor()
  try {
    const [event, sales] = await Promise.all([getEvent(id, visitor), getEventSales(id, visitor)])
    return { event, sales }
  } catch (error) {
    if (isProblem(error, 'unauthenticated', 'forbidden', 'not-found', 'malformed-request')) return null
    throw error
  }
}
