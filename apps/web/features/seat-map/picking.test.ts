import { expect, test } from 'vitest'
import { boxOfSection, seatUnder, sectionUnder } from './picking.ts'
import { seatIndex } from './seat-index.ts'

/** Two sections of three seats, 20 apart. */
const geometry = {
  count: 6,
  pitch: 20,
  x: Float32Array.from([0, 20, 40, 200, 220, 240]),
  y: new Float32Array(6),
  section: Uint16Array.from([0, 0, 0, 1, 1, 1]),
}
const scene = { geometry, index: seatIndex(geometry), radius: 8 }
const viewAt = (scale: number) => ({ camera: { x: 0, y: 0, scale }, viewport: { width: 0, height: 0 } })

test('a seat is met where it is drawn', () => {
  expect(seatUnder(scene, viewAt(2), { x: 40, y: 0 }, 'mouse')).toBe(1)
  expect(seatUnder(scene, viewAt(2), { x: 40, y: 60 }, 'mouse')).toBeNull()
})

test('a finger may miss a little, a mouse less', () => {
  const at = { x: 0, y: 14 }
  expect(seatUnder(scene, viewAt(1), at, 'touch')).toBe(0)
  expect(seatUnder(scene, viewAt(1), at, 'mouse')).toBeNull()
})

test('seats too small to be meant are not met', () => {
  expect(seatUnder(scene, viewAt(0.5), { x: 0, y: 0 }, 'touch')).toBeNull()
  expect(seatUnder(scene, viewAt(0.5), { x: 0, y: 0 }, 'mouse')).toBe(0)
  expect(seatUnder(scene, viewAt(0.1), { x: 0, y: 0 }, 'mouse')).toBeNull()
})

test('a section is met between its rows, and has its box', () => {
  expect(sectionUnder(scene, viewAt(1), { x: 210, y: 20 })).toBe(1)
  expect(sectionUnder(scene, viewAt(1), { x: 120, y: 0 })).toBeNull()
  expect(boxOfSection(geometry, 1)).toEqual({ left: 200, top: 0, right: 240, bottom: 0 })
  expect(boxOfSection(geometry, 7)).toBeNull()
})
