import type { Booking } from '../../api/bodies.ts'
import { joinLabels } from '../../ui/join-labels.ts'

/** What an order is for, in few words: `Stalls, row E, seats 3, 4 · restricted view`, `2 × Floor`. */
export function placesText(line_items: Booking['line_items']): string {
  const seats = line_items.filter((line) => line.seat_id !== null).map((line) => line.label)
  const tiers = Map.groupBy(
    line_items.filter((line) => line.seat_id === null),
    (line) => line.tier.name,
  )
  const counts = [...tiers].map(([name, lines]) => `${lines.reduce((sum, line) => sum + line.quantity, 0)} × ${name}`)
  const restricted = line_items.filter((line) => line.restricted_view).length
  const views = restricted === seats.length ? 'restricted view' : `${restricted} with a restricted view`
  return [...(seats.length > 0 ? [joinLabels(seats)] : []), ...(restricted > 0 ? [views] : []), ...counts].join(' · ')
}
