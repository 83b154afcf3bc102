/** What the keys mean on the map. */
import type { Direction } from './seat-steps.ts'

/** A button or a key zooms by so much. */
export const ZOOM_STEP = 1.8

export type KeyAct =
  | { kind: 'step'; direction: Direction }
  | { kind: 'zoom'; factor: number }
  | { kind: 'home' }
  /** Of the seat the keys are on. */
  | { kind: 'pick' | 'leave' }

const acts: ReadonlyMap<string, KeyAct> = new Map([
  ['ArrowLeft', { kind: 'step', direction: 'left' }],
  ['ArrowRight', { kind: 'step', direction: 'right' }],
  ['ArrowUp', { kind: 'step', direction: 'up' }],
  ['ArrowDown', { kind: 'step', direction: 'down' }],
  ['Enter', { kind: 'pick' }],
  [' ', { kind: 'pick' }],
  ['Escape', { kind: 'leave' }],
  ['+', { kind: 'zoom', factor: ZOOM_STEP }],
  ['=', { kind: 'zoom', factor: ZOOM_STEP }],
  ['-', { kind: 'zoom', factor: 1 / ZOOM_STEP }],
  ['0', { kind: 'home' }],
])

/** Null for a key that means nothing here, which is then the browser's. `isOnSeat`: arrows have led to one. */
export function keyAct(key: string, isOnSeat: boolean): KeyAct | null {
  const act = acts.get(key) ?? null
  return (act?.kind === 'pick' || act?.kind === 'leave') && !isOnSeat ? null : act
}
