import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between, type Camera, fitBox, panBy, settle, toChart, toScreen, visibleBox, zoomAt } from './camera.ts'

const viewport = { width: 390, height: 700 }
const far = fc.double({ min: -5_000, max: 5_000, noNaN: true })
const cameras: fc.Arbitrary<Camera> = fc.record({
  x: far,
  y: far,
  scale: fc.double({ min: 0.05, max: 8, noNaN: true }),
})
const points = fc.record({ x: fc.integer({ min: 0, max: 390 }), y: fc.integer({ min: 0, max: 700 }) })

test('screen and chart are each other’s inverse', () => {
  fc.assert(
    fc.property(cameras, points, (camera, point) => {
      const back = toScreen(camera, viewport, toChart(camera, viewport, point))
      expect(back.x).toBeCloseTo(point.x, 4)
      expect(back.y).toBeCloseTo(point.y, 4)
    }),
  )
})

test('what lies under the finger stays under it while zooming', () => {
  fc.assert(
    fc.property(cameras, points, fc.double({ min: 0.2, max: 5, noNaN: true }), (camera, at, factor) => {
      const before = toChart(camera, viewport, at)
      const zoomed = zoomAt(camera, viewport, at, factor, { min: 0.1, max: 4 })
      const after = toScreen(zoomed, viewport, before)
      expect(after.x).toBeCloseTo(at.x, 3)
      expect(after.y).toBeCloseTo(at.y, 3)
      expect(zoomed.scale).toBeGreaterThanOrEqual(0.1)
      expect(zoomed.scale).toBeLessThanOrEqual(4)
    }),
  )
})

test('a fitted box is seen whole', () => {
  fc.assert(
    fc.property(
      far,
      far,
      fc.double({ min: 1, max: 9_000, noNaN: true }),
      fc.double({ min: 1, max: 9_000, noNaN: true }),
      (left, top, w, h) => {
        const box = { left, top, right: left + w, bottom: top + h }
        const seen = visibleBox(fitBox(box, viewport, 20), viewport)
        expect(seen.left).toBeLessThanOrEqual(left + 1e-6)
        expect(seen.bottom).toBeGreaterThanOrEqual(top + h - 1e-6)
      },
    ),
  )
})

test('a pan moves the picture by as many pixels as the finger', () => {
  const camera = { x: 10, y: 20, scale: 2 }
  const before = toScreen(camera, viewport, { x: 0, y: 0 })
  const after = toScreen(panBy(camera, 30, -8), viewport, { x: 0, y: 0 })
  expect([after.x - before.x, after.y - before.y]).toEqual([30, -8])
})

test('a flight begins and ends where it should, and zooms steadily', () => {
  const [a, b] = [
    { x: 0, y: 0, scale: 1 },
    { x: 100, y: 50, scale: 4 },
  ]
  expect(between(a, b, 0)).toEqual(a)
  expect(between(a, b, 1)).toEqual(b)
  expect(between(a, b, 0.5).scale).toBeCloseTo(2)
  expect(between(a, { ...a, x: 10 }, 0.5).x).toBeCloseTo(5)
})

const bounds = { left: 0, top: 0, right: 100, bottom: 60 }
const limits = { min: 1, max: 9 }

test('the chart cannot be lost', () => {
  expect(settle({ x: 900, y: -5, scale: 99 }, bounds, limits, 2)).toEqual({ x: 100, y: 0, scale: 9 })
})

test('a chart that is seen whole is in the middle, and from twice as large any point of it may be', () => {
  expect(settle({ x: 80, y: 5, scale: 1.5 }, bounds, limits, 2)).toEqual({ x: 50, y: 30, scale: 1.5 })
  expect(settle({ x: 80, y: 5, scale: 2 }, bounds, limits, 2)).toEqual({ x: 50, y: 30, scale: 2 })
  expect(settle({ x: 99, y: 5, scale: 4 }, bounds, limits, 2)).toEqual({ x: 99, y: 5, scale: 4 })
})

test('what lies under the finger stays under it while zooming in from the whole chart', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(part, part, fc.double({ min: 1, max: 4, noNaN: true }), (across, down, factor) => {
      const whole = { x: 50, y: 30, scale: 2 }
      const at = toScreen(whole, viewport, { x: across * 100, y: down * 60 })
      const zoomed = zoomAt(whole, viewport, at, factor, limits)
      const settled = settle(zoomed, bounds, limits, whole.scale)
      expect(settled.x).toBeCloseTo(zoomed.x)
      expect(settled.y).toBeCloseTo(zoomed.y)
    }),
  )
})
