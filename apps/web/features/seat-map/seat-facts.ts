/** What there is to say about a seat. */
import { type Geometry, seatName } from '@tessera/contracts/seat-map/geometry'
import { seatFlags } from '@tessera/contracts/seat-map/seat-flags'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import { priceOrFree } from '../../ui/money.ts'
import type { CategoryOffer, MapTier } from './offers.ts'

export type SeatFacts = {
  name: string
  /** "Adult €48, child €24", or null where nothing is on sale. */
  price: string | null
  note: string
  availability: 'free' | 'yours' | 'held' | 'gone' | 'not-on-sale'
}

/** All there is to say about a seat. */
export function seatFacts(
  geometry: Geometry,
  offers: readonly CategoryOffer[],
  seat: number,
  state: SeatState,
  isMine: boolean,
): SeatFacts {
  const tiers = offers[geometry.category[seat] ?? 0]?.tiers ?? []
  return {
    name: seatName(geometry, seat),
    price: tiers.length === 0 ? null : pricesOf(tiers),
    note: notesOf(geometry, seat).join(', '),
    availability: availabilityOf(state, isMine, tiers.length > 0),
  }
}

function availabilityOf(state: SeatState, isMine: boolean, isOnSale: boolean): SeatFacts['availability'] {
  if (isMine) return 'yours'
  if (state === 'held') return 'held'
  if (state !== 'available') return 'gone'
  return isOnSale ? 'free' : 'not-on-sale'
}

function pricesOf(tiers: readonly MapTier[]): string {
  if (tiers.length === 1) return tiers.map((tier) => `${tier.name} ${priceOrFree(tier.price)}`).join()
  return tiers
    .toSorted((a, b) => b.price.amount - a.price.amount)
    .map((tier) => `${tier.name} ${priceOrFree(tier.price)}`)
    .join(', ')
}

export function notesOf(geometry: Geometry, seat: number): string[] {
  const flags = geometry.flags[seat] ?? 0
  const notes: string[] = []
  if ((flags & seatFlags.accessible) !== 0) notes.push('step-free, wheelchair place')
  if ((flags & seatFlags.obstructed) !== 0) notes.push('restricted view')
  const accompanied = geometry.companion_of.get(seat)
  if (accompanied !== undefined) notes.push(`companion of seat ${geometry.numbers[accompanied] ?? ''}`)
  return notes
}

export const availabilityWords: Record<SeatFacts['availability'], string> = {
  free: 'Free',
  yours: 'Yours',
  held: 'On hold; it may come back',
  gone: 'Taken',
  'not-on-sale': 'Not on sale',
}

/** One sentence for screen readers: "Stalls, row F, seat 12. Adult ₹3,800. Free." */
export function seatSentence(facts: SeatFacts): string {
  return [facts.name, facts.price, availabilityWords[facts.availability], facts.note].filter(Boolean).join('. ')
}

/** A chart's sight from a seat, in words a person would use: "near the stage, left of the middle". */
export function sightWords(geometry: Geometry, seat: number): string {
  const { focus, bounds } = geometry
  const [dx, dy] = [(geometry.x[seat] ?? 0) - focus.x, (geometry.y[seat] ?? 0) - focus.y]
  const farthest = Math.max(
    Math.hypot(bounds.left - focus.x, bounds.bottom - focus.y),
    Math.hypot(bounds.right - focus.x, bounds.bottom - focus.y),
  )
  const depth = Math.hypot(dx, dy) / Math.max(farthest, 1)
  const far = depth < 0.38 ? 'near the stage' : depth < 0.7 ? 'in the middle of the hall' : 'far back'
  const angle = (Math.atan2(dx, dy) * 180) / Math.PI
  const side = angle < 0 ? 'left' : 'right'
  const turned = Math.abs(angle)
  if (turned > 110) return `${far}, behind the stage`
  if (turned > 50) return `${far}, from the ${side} side`
  return turned > 14 ? `${far}, ${side} of centre` : `${far}, straight ahead`
}
