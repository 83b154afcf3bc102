import { expect, test } from 'vitest'
import { MapPilot } from './map-pilot.ts'

const bounds = { left: 0, top: 0, right: 2_000, bottom: 1_000 }

function pilotAtHome(): MapPilot {
  const pilot = new MapPilot()
  pilot.resize({ width: 400, height: 400 })
  pilot.chart(bounds, 20, true)
  return pilot
}

test('a chart is first seen whole, and again after the window changed', () => {
  const pilot = pilotAtHome()
  expect(pilot.camera.x).toBe(1_000)
  expect(pilot.camera.scale * 2_000).toBeLessThan(400)
  pilot.resize({ width: 800, height: 800 })
  expect(pilot.camera).toEqual(pilot.home)
})

test('on a narrow screen a room opens larger than whole, a very large one does not', () => {
  const pilot = new MapPilot()
  pilot.resize({ width: 390, height: 700 })
  pilot.chart({ left: 0, top: 0, right: 1_000, bottom: 900 }, 20)
  expect(pilot.pitchPx).toBeCloseTo(9)
  expect(pilot.home.scale * 1_000).toBeLessThan(390)
  pilot.chart({ left: 0, top: 0, right: 4_000, bottom: 4_000 }, 20, true)
  expect(pilot.camera).toEqual(pilot.home)
})

test('a tiny room is not blown up', () => {
  const pilot = new MapPilot()
  pilot.resize({ width: 1_400, height: 900 })
  pilot.chart({ left: 0, top: 0, right: 60, bottom: 60 }, 20)
  expect(pilot.pitchPx).toBe(36)
})

test('letting go in motion glides to a stop, and a touch stops it', () => {
  const pilot = pilotAtHome()
  pilot.zoom({ x: 200, y: 200 }, 4)
  pilot.act({ kind: 'release', vx: 2, vy: 0 }, 0)
  expect(pilot.isMoving).toBe(true)
  for (let now = 16; now < 4_000; now += 16) pilot.tick(now)
  expect(pilot.isMoving).toBe(false)
  expect(pilot.camera.x).toBeLessThan(1_000)
  pilot.act({ kind: 'release', vx: 2, vy: 0 }, 5_000)
  pilot.act({ kind: 'grab' }, 5_010)
  expect(pilot.isMoving).toBe(false)
})

test('steps add up while one is still under way', () => {
  const pilot = pilotAtHome()
  const before = pilot.camera.scale
  pilot.zoomStep(2, 0)
  pilot.zoomStep(2, 50)
  pilot.tick(2_000)
  expect(pilot.camera.scale).toBeCloseTo(before * 4)
})

test('a seat far off comes into view, a seat in view moves nothing', () => {
  const pilot = pilotAtHome()
  pilot.reveal({ x: 1_900, y: 100 }, 26, 0)
  pilot.tick(2_000)
  expect(pilot.pitchPx).toBeCloseTo(26)
  const { camera } = pilot
  pilot.reveal({ x: 1_910, y: 100 }, 26, 3_000)
  pilot.tick(5_000)
  expect(pilot.camera).toEqual(camera)
})

test('with reduced motion everything arrives at once', () => {
  const pilot = pilotAtHome()
  pilot.isStill = true
  pilot.show({ left: 0, top: 0, right: 100, bottom: 100 }, 0)
  expect(pilot.isMoving).toBe(false)
  expect(pilot.camera.x).toBe(50)
  pilot.act({ kind: 'release', vx: 2, vy: 0 }, 0)
  expect(pilot.isMoving).toBe(false)
})
