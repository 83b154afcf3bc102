import 'server-only'
import { cache } from 'react'
import type { Booking, Event, Performance } from './bodies.ts'
import { getBooking, getEvent } from './operations.ts'
import { Problem } from './problem.ts'
import { seen } from './seen.ts'

export type BookingPage = { booking: Booking; event: Event; performance: Performance }

/** A booking with its event. `access` is the secret of an order link. */
export const bookingWithEvent = cache((id: string, access?: string) =>
  seen(async (visitor): Promise<BookingPage> => {
    const booking = await getBooking(id, access, visitor)
    const event = await getEvent(booking.event_id, visitor)
    const performance = event.performances.find((one) => one.id === booking.performance_id)
    if (performance === undefined) throw new Problem('not-found', 404)
    return { booking, event, performance }
  }),
)
