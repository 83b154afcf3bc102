/** What a pointer means. Kernels: scene and camera in, seat or section out. */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { type Box, type Camera, type Point, toChart, type Viewport } from './camera.ts'
import { boxOf, type MapScene } from './map-scene.ts'
import { seatAt } from './seat-index.ts'

/** Pixels of pitch from which a seat can be meant; below, a pointer only moves the map. */
const MOUSE_HITS_FROM = 6
export const TOUCH_HITS_FROM = 15
/** A finger may miss by so many pixels, a mouse by fewer; never by more than three quarters of a pitch. */
const TOUCH_SLACK_PX = 20
const MOUSE_SLACK_PX = 5

type View = { camera: Camera; viewport: Viewport }
type Place = Pick<MapScene, 'index' | 'radius'> & { geometry: Pick<Geometry, 'pitch' | 'section'> }

export function seatUnder(scene: Place, view: View, at: Point, by: 'mouse' | 'touch'): number | null {
  const { scale } = view.camera
  const { pitch } = scene.geometry
  if (pitch * scale < (by === 'touch' ? TOUCH_HITS_FROM : MOUSE_HITS_FROM)) return null
  const slack = (by === 'touch' ? TOUCH_SLACK_PX : MOUSE_SLACK_PX) / scale
  const reach = Math.max(scene.radius * 1.25, Math.min(slack, pitch * 0.75))
  return seatAt(scene.index, toChart(view.camera, view.viewport, at), reach)
}

/** The section whose seats are there, or hardly farther than the gap between two rows. */
export function sectionUnder(scene: Place, view: View, at: Point): number | null {
  const seat = seatAt(scene.index, toChart(view.camera, view.viewport, at), scene.geometry.pitch * 1.6)
  return seat === null ? null : (scene.geometry.section[seat] ?? null)
}

export function boxOfSection(geometry: Pick<Geometry, 'x' | 'y' | 'section'>, section: number): Box | null {
  const seats: number[] = []
  geometry.section.forEach((own, seat) => {
    if (own === section) seats.push(seat)
  })
  return boxOf(geometry, seats)
}
