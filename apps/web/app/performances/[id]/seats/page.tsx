import { tierSale } from '@tessera/contracts/pricing/sale-state'
import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import type { TierAvailability } from '../../../../api/bodies.ts'
import { getAvailability, getPerformance } from '../../../../api/operations.ts'
import { isProblem } from '../../../../api/problem.ts'
import { asVisitor, currentUser } from '../../../../api/visitor.ts'
import { nextStep } from '../../../../features/event/availability.ts'
import { PlacesPage } from '../../../../features/seats/places-page.tsx'
import { SeatsPage } from '../../../../features/seats/seats-page.tsx'
import { paths } from '../../../../paths.ts'

type Props = { params: Promise<{ id: string }> }

const performanceOf = cache(async (id: string) => {
  try {
    return await getPerformance(id, await asVisitor())
  } catch (error) {
    if (isProblem(error, 'not-found', 'malformed-request')) notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { event } = await performanceOf((await params).id)
  return { title: `Seats for ${event.title}`, robots: { index: false } }
}

export default async function Page({ params }: Props) {
  const performance = await performanceOf((await params).id)
  const now_ms = Date.now()
  const availability = await availabilityOf(performance.event.id, performance.id)
  const step = nextStep(performance, availability, now_ms)
  // What cannot be bought is told on the event's own page, with its date and its reason.
  if (step.kind !== 'choose' && step.kind !== 'held') redirect(paths.event(performance.event.id, performance.id))
  const on_sale = performance.tiers.filter((tier) => tierSale(tier, undefined, now_ms) === 'open')
  const user = await currentUser()
  const member = user !== null && !user.guest
  const shown = { ...performance, tiers: on_sale }
  if (performance.geometry_url)
    return (
      <SeatsPage
        performance={shown}
        geometry_url={performance.geometry_url}
        availability={availability}
        member={member}
        has_session={user !== null}
        rendered_at={now_ms}
      />
    )
  return (
    <PlacesPage
      performance={shown}
      availability={availability}
      member={member}
      has_session={user !== null}
      rendered_at={now_ms}
    />
  )
}

/** The page works without counts; the seats tell for themselves which are free. */
async function availabilityOf(event_id: string, performance_id: string): Promise<TierAvailability[]> {
  try {
    const { performances } = await getAvailability(event_id, await asVisitor())
    return performances.find((one) => one.performance_id === performance_id)?.tiers ?? []
  } catch {
    return []
  }
}
