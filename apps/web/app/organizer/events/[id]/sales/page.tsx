import type { Metadata } from 'next'
import { getEvent, getEventSales } from '../../../../../api/operations.ts'
import { seen } from '../../../../../api/seen.ts'
import { NoAccess } from '../../../../../features/account/no-access.tsx'
import { SalesPage } from '../../../../../features/sales/sales-page.tsx'

export const metadata: Metadata = { title: 'Sales', robots: { index: false } }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const found = await seen((visitor) => Promise.all([getEvent(id, visitor), getEventSales(id, visitor)]))
  if (found.kind === 'refused')
    return (
      <NoAccess title="Sales" user={found.user}>
        Only the organizer sees the sales of an event.
      </NoAccess>
    )
  const [event, sales] = found.value
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
      rendered_at={Date.now()}
    />
  )
}
