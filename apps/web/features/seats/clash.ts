import { type Geometry, seatName } from '@tessera/contracts/seat-map/geometry'

/** `Stalls, row F, seat 14 is no longer free. You still have the other two.` */
export function clashWords(geometry: Geometry, lost: readonly number[], kept: number): string {
  const names = lost.map((seat) => seatName(geometry, seat))
  const went = names.length <= 2 ? names.join(' and ') : `${names.length} of your seats`
  const rest = kept === 0 ? '' : kept === 1 ? ' You still have the other one.' : ` You still have the other ${kept}.`
  return `${went} ${lost.length === 1 ? 'is' : 'are'} no longer free.${rest}`
}

/** A row of seats in few words: `Stalls, row F, seats 15 and 16`. */
export function seatsWords(geometry: Geometry, seats: readonly number[]): string {
  const [first] = seats
  if (first === undefined) return ''
  const same_row = seats.every((seat) => geometry.row[seat] === geometry.row[first])
  if (!same_row || seats.length === 1) return seats.map((seat) => seatName(geometry, seat)).join(' and ')
  const whole = seatName(geometry, first)
  const number = geometry.numbers[first] ?? ''
  const numbers = seats.map((seat) => geometry.numbers[seat] ?? '')
  const list = numbers.length === 2 ? numbers.join(' and ') : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
  return whole.endsWith(number)
    ? `${whole.slice(0, whole.length - number.length).replace(/seat $/, 'seats ')}${list}`
    : seats.map((seat) => seatName(geometry, seat)).join(', ')
}
