import type { GaQuantity } from '@tessera/contracts/events/booking'
import { type SeatState, seatStates } from '@tessera/contracts/seat-map/seat-state'

/** General-admission counts of one tier. */
export type GaCounts = { held: number; sold: number; blocked: number }

/** A performance's state while events are applied to it. `seats`: a byte each, `tier << 2 | state`. */
export type SeatBytes = { seats: Uint8Array; tier_ids: string[]; places: Record<string, GaCounts> }

export type Counter = keyof GaCounts

/** Tiers beyond this share the last index: their seats stay right, only their counts by tier are merged. */
const TIERS_MAX = 63

export function stateOfByte(byte: number): SeatState {
  return seatStates[byte & 3] ?? 'available'
}

/** Sets seats to a state under their tiers and records real changes. Grows with the highest seat number. */
export function setSeats(
  target: SeatBytes,
  seats: readonly number[],
  tiers: readonly string[],
  state: SeatState,
  changes: Map<number, SeatState>,
): void {
  const highest = seats.reduce((most, seat) => Math.max(most, seat), -1)
  if (highest >= target.seats.length) {
    const grown = new Uint8Array(Math.max(highest + 1, target.seats.length * 2))
    grown.set(target.seats)
    target.seats = grown
  }
  const code = seatStates.indexOf(state)
  for (const [i, seat] of seats.entries()) {
    if (stateOfByte(target.seats[seat] ?? 0) !== state) changes.set(seat, state)
    target.seats[seat] = code === 0 ? 0 : (tierIndex(target, tiers[i]) << 2) | code
  }
}

export function count(target: SeatBytes, places: readonly GaQuantity[], changes: Partial<GaCounts>): void {
  for (const { tier_id, quantity } of places) {
    const counts = target.places[tier_id] ?? { held: 0, sold: 0, blocked: 0 }
    for (const [name, sign] of Object.entries(changes) as [Counter, number][]) counts[name] += sign * quantity
    target.places[tier_id] = counts
  }
}

/** The number of seats of each tier in each taken state. */
export function countSeats(target: SeatBytes): Record<string, GaCounts> {
  const counts = target.tier_ids.map(() => ({ held: 0, sold: 0, blocked: 0 }))
  for (const byte of target.seats) {
    if (byte === 0) continue
    const tier = counts[byte >> 2]
    const state = stateOfByte(byte)
    if (tier !== undefined && state !== 'available') tier[state] += 1
  }
  return Object.fromEntries(
    target.tier_ids.map((tier_id, i) => [tier_id, counts[i] ?? { held: 0, sold: 0, blocked: 0 }]),
  )
}

/** Blocked seats belong to no tier: they are stored under the empty name. */
function tierIndex(target: SeatBytes, tier_id = ''): number {
  const known = target.tier_ids.indexOf(tier_id)
  if (known >= 0) return Math.min(known, TIERS_MAX)
  target.tier_ids.push(tier_id)
  return Math.min(target.tier_ids.length - 1, TIERS_MAX)
}
