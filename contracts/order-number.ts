import { idPattern } from './ids.ts'

/**
 * The number of an order as people say it: `K7M4-9TX3`, the last eight characters of its booking's id in two groups. Those
 * are random (40 bits), so it is stored nowhere; it names an order to a person who can look it up, and grants nothing.
 */
const DIGITS = 8
const GROUP = 4
const BOOKING_ID = new RegExp(idPattern('bk'))

/** `booking_id`: `bk_…`; anything else is a programming error. Crockford's alphabet has no I, L, O or U to mishear. */
export function orderNumberOf(booking_id: string): string {
  if (!BOOKING_ID.test(booking_id)) throw new TypeError(`Not the id of a booking: ${booking_id}`)
  const number = booking_id.slice(-DIGITS).toUpperCase()
  return `${number.slice(0, GROUP)}-${number.slice(GROUP)}`
}
