import type { Booking } from '../../api/bodies.ts'

/** What may be done with an order, and why not, in words for its page. The server has the last word. */
export const bookingCan = {
  /**
   * contexts/booking: only a confirmed booking is cancelled; a ticket that was admitted forbids it (409 already-admitted).
   * After the end it is refused (409): `end_time` is the performance's. `owner`: a session is there to act with.
   */
  cancel(
    booking: Pick<Booking, 'status' | 'tickets'> & { end_time: string },
    owner: boolean,
    now_ms: number,
  ): { may: true } | { may: false; because: string } {
    const not = (because: string) => ({ may: false, because }) as const
    if (booking.status !== 'confirmed') return not('This order is not active.')
    if (booking.tickets.some((ticket) => ticket.status === 'used')) {
      const which = booking.tickets.length === 1 ? 'Its ticket' : 'One of its tickets'
      return not(`${which} was used at the door: this order cannot be cancelled any more.`)
    }
    if (Date.parse(booking.end_time) <= now_ms)
      return not('The event is over: this order cannot be cancelled any more.')
    if (!owner) return not('To cancel this order, open it where you bought it, or sign in to its account.')
    return { may: true }
  },
}
