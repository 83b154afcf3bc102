import type { Booking } from '../../api/bodies.ts'

/** What may be done with an order, and why not. Each line mirrors a rule of the server, which has the last word. */
export const bookingCan = {
  /** contexts/booking: only a confirmed booking is cancelled; a ticket that was admitted forbids it (409 already-admitted). */
  cancel(booking: Booking, now_ms: number): { may: true } | { may: false; because: string } {
    if (booking.status !== 'confirmed') return { may: false, because: 'This order is not active.' }
    if (booking.tickets.some((ticket) => ticket.status === 'used'))
      return { may: false, because: 'One of the tickets was used at the door.' }
    if (Date.parse(booking.start_time) <= now_ms) return { may: false, because: 'It has begun.' }
    return { may: true }
  },
}
