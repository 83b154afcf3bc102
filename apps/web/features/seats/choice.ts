import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { HoldBody, Tier } from '../../api/bodies.ts'
import type { Found } from './find-together.ts'
import { overLimit, type Picked, retier, tiersOfSeat, toggle } from './selection.ts'

/** What the panel has to say, with the next best offer where there is one. */
export type Message = { words: string; offer: readonly number[] | null; tone: 'note' | 'bad' }

/** What someone chose so far, and what there is to say about it. Kernels: a choice in, the next one out. */
export type Choice = {
  picks: readonly Picked[]
  /** Places without seats, by tier. */
  places: ReadonlyMap<string, number>
  message: Message | null
  /** Where the picks were last chosen for someone rather than by them: what the map has to show. */
  found: readonly number[]
}

export type Room = { geometry: Pick<Geometry, 'categories' | 'category' | 'ids'>; tiers: readonly Tier[] }

export const nothingChosen: Choice = { picks: [], places: new Map(), message: null, found: [] }

export const note = (words: string): Message => ({ words, offer: null, tone: 'note' })

/** One hold takes seats or places without seats: the API has no hold for both. */
const APART = note('Seats and places without seats are separate orders. Finish one first.')

/** A seat was pressed. */
export function withSeatPressed(choice: Choice, room: Room, seat: number): Choice {
  const outcome = toggle(room.geometry, room.tiers, choice.picks, seat)
  switch (outcome.kind) {
    case 'limit':
      return { ...choice, message: limitNote(outcome.tier, offeredBeside(room, seat, outcome.tier)) }
    case 'not-on-sale':
      return { ...choice, message: note('This seat is not on sale now.') }
    case 'picked':
    case 'dropped': {
      const hadPlaces = [...choice.places.values()].some((quantity) => quantity > 0)
      return { ...choice, picks: outcome.picks, places: new Map(), message: hadPlaces ? APART : null }
    }
  }
}

/** A picked seat gets another tariff, or the limit of that tariff is said. */
export function withTariff(choice: Choice, { tiers }: Room, seat: number, tier_id: string): Choice {
  const outcome = retier(choice.picks, tiers, seat, tier_id)
  switch (outcome.kind) {
    case 'picked':
      return { ...choice, picks: outcome.picks, message: null }
    case 'limit':
      return { ...choice, message: limitNote(outcome.tier, false) }
    case 'not-on-sale':
      return { ...choice, message: note('This price is not on sale now.') }
  }
}

function limitNote({ name, max_per_order }: Tier, others: boolean): Message {
  const limit = `One order takes at most ${max_per_order} of ${name}.`
  return note(others ? `${limit} For more seats here, give one of them another price first.` : limit)
}

function offeredBeside({ geometry, tiers }: Room, seat: number, tier: Tier): boolean {
  return tiersOfSeat(geometry, tiers, seat).some((one) => one.id !== tier.id)
}

export function withPlaces(choice: Choice, tier_id: string, quantity: number): Choice {
  const places = new Map(choice.places).set(tier_id, quantity)
  return { ...choice, picks: [], places, message: choice.picks.length > 0 ? APART : null }
}

/**
 * These seats instead of those picked, with the tariffs picked before where they fit, else with their own first one. Nothing
 * changes when that is more of a tariff than one order takes.
 */
export function withSeats(choice: Choice, { geometry, tiers }: Room, seats: readonly number[]): Choice {
  const picks = seats.flatMap((seat, index): Picked[] => {
    const offered = tiersOfSeat(geometry, tiers, seat)
    const tier = offered.find((one) => one.id === choice.picks[index]?.tier_id) ?? offered[0]
    return tier ? [{ seat, tier_id: tier.id }] : []
  })
  const over = overLimit(picks, tiers)
  return over ? { ...choice, message: limitNote(over, false) } : { ...choice, picks, message: null, found: [...seats] }
}

/** What the search for a party came to. */
export function withFound(choice: Choice, room: Room, found: Found, quantity: number): Choice {
  if (found.kind === 'none') {
    const words = `There are not ${quantity} seats left at this price. Try another one, or fewer.`
    return { ...choice, message: note(words) }
  }
  const taken = withSeats(choice, room, found.seats)
  if (found.kind === 'together' || taken.message) return taken
  const words = 'There are not that many side by side any more. These are close to each other.'
  return { ...taken, message: note(words) }
}

/** The next best for what `words` tells is lost. By now the person may have gone on: an offer only joins its own message. */
export function withOffer(choice: Choice, words: string, offer: readonly number[]): Choice {
  return choice.message?.words === words ? { ...choice, message: { words, offer, tone: 'note' } } : choice
}

/** Seats where some are picked, else places. */
export function holdBody(performance_id: string, { geometry }: Room, { picks, places }: Choice): HoldBody {
  if (picks.length > 0) {
    return { performance_id, seats: picks.map(({ seat, tier_id }) => ({ seat_id: geometry.ids[seat] ?? '', tier_id })) }
  }
  const items = [...places].filter(([, quantity]) => quantity > 0)
  return { performance_id, items: items.map(([tier_id, quantity]) => ({ tier_id, quantity })) }
}
