import { type BestAvailableIndex, bestAvailable, bestAvailableIndex } from '@tessera/contracts/seat-map/best-available'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import type { Tier } from '../../api/bodies.ts'
import type { SeatMapData } from './seat-map-data.ts'

export type Found = { kind: 'together'; seats: number[] } | { kind: 'near'; seats: number[] } | { kind: 'none' }

/** The best free seats for a party in the categories of these tiers: side by side, else near each other, else none. */
export function findTogether(
  map: SeatMapData,
  tiers: readonly Tier[],
  quantity: number,
  not: ReadonlySet<number> = new Set(),
): Found {
  const { geometry, store } = map
  const names = new Set(tiers.flatMap((tier) => tier.categories ?? []))
  const categories = new Set(geometry.categories.flatMap(({ name }, number) => (names.has(name) ? [number] : [])))
  const taken = (seat: number) => not.has(seat) || seatStateAt(store.states, seat) !== 'available'
  const together = bestAvailable(indexOf(geometry), { taken, categories, quantity })
  if (together.kind === 'seats') return { kind: 'together', seats: together.seats }
  const near = bestAvailable(indexOf(geometry), { taken, categories, quantity, may_split: true })
  return near.kind === 'seats' ? { kind: 'near', seats: near.seats } : { kind: 'none' }
}

/** Made once a room: in the largest it takes some 60 ms. */
const indices = new WeakMap<Geometry, BestAvailableIndex>()

function indexOf(geometry: Geometry): BestAvailableIndex {
  const known = indices.get(geometry)
  if (known) return known
  const made = bestAvailableIndex(geometry)
  indices.set(geometry, made)
  return made
}
