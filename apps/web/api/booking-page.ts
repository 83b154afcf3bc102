import 'server-only'
import { cache } from 'react'
import type { Booking, Event, Performance } from './bodies.ts'
import { getBooking, getEvent } from './operations.ts'
import { isProblem } from './problem.ts'
import { asVisitor } from './visitor.ts'

type Found = { booking: Booking; event: Event; performance: Performance }

/** A booking with its event, or null when this visitor may not see it (or has to renew the session first). */
export const bookingWithEvent = cache(async (id: string, access?: string): Promise<Found | null> => {
  const visitor = await asVisitor()
  try {
    const booking = await getBooking(id, access, visitor)
    const event = await getEvent(booking.event_id, visitor)
    const performance = event.performances.find((one) => one.id === booking.performance_id)
    return performance ? { booking, event, performance } : null
  } catch (error) {
    if (isProblem(error, 'unauthenticated', 'not-found', 'forbidden', 'malformed-request')) return null
    throw error
  }
})
