/** Everything a frame is painted from. Painters read it and change nothing. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { seatFlags } from '@tessera/contracts/seat-map/seat-flags'
import { type SeatStates, seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import type { Box } from './camera.ts'
import type { MapTheme, Rgb } from './map-theme.ts'
import type { CategoryOffer } from './offers.ts'
import type { SeatIndex } from './seat-index.ts'

export type MapScene = {
  geometry: Geometry
  index: SeatIndex
  states: SeatStates
  offers: readonly CategoryOffer[]
  theme: MapTheme
  /** By category. */
  colors: readonly Rgb[]
  /** Of a seat's disc, in units. */
  radius: number
}

/** From units to the canvas' own pixels: `x * scale + dx`. `dpr`: canvas pixels in a CSS pixel. */
export type Placement = { scale: number; dx: number; dy: number; dpr: number }

/** Discs fill the row without touching: 41 % of the pitch, or what the chart says if that is less. */
export function seatRadius({ pitch, radius }: Pick<Geometry, 'pitch' | 'radius'>): number {
  const given = radius.find((value) => value > 0)
  return given === undefined ? 0.41 * pitch : Math.min(Math.max(given, 0.3 * pitch), 0.44 * pitch)
}

/** `unknown`: nobody has told us yet; it must look neither free nor taken. */
export type SeatLook = 'free' | 'dimmed' | 'held' | 'gone' | 'unknown'

export function seatLook({ geometry, states, offers }: MapScene, seat: number): SeatLook {
  if (states.version < 0) return 'unknown'
  const state = seatStateAt(states, seat)
  if (state === 'held') return 'held'
  if (state !== 'available') return 'gone'
  const offer = offers[geometry.category[seat] ?? 0]
  if (offer === undefined || offer.tiers.length === 0) return 'gone'
  return offer.is_filtered_out ? 'dimmed' : 'free'
}

/** Whether a click may take it. */
export function isSelectable(scene: MapScene, seat: number): boolean {
  return seatLook(scene, seat) === 'free'
}

export function isAccessible({ geometry }: MapScene, seat: number): boolean {
  return ((geometry.flags[seat] ?? 0) & seatFlags.accessible) !== 0
}

export function isObstructed({ geometry }: MapScene, seat: number): boolean {
  return ((geometry.flags[seat] ?? 0) & seatFlags.obstructed) !== 0
}

/** Rooms this large are shown as sections first: from afar their seats are a blur that nobody can choose from. */
const SECTIONS_FIRST_SEATS = 2_500

export function showsSectionsFirst({ count, sections }: Pick<Geometry, 'count' | 'sections'>): boolean {
  return count >= SECTIONS_FIRST_SEATS && sections.filter((section) => section.seats > 0).length > 1
}

/** The box round some seats. */
export function boxOf({ x, y }: Pick<Geometry, 'x' | 'y'>, seats: readonly number[]): Box | null {
  if (seats.length === 0) return null
  const xs = seats.map((seat) => x[seat] ?? 0)
  const ys = seats.map((seat) => y[seat] ?? 0)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}
