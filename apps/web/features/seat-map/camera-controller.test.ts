import { expect, test } from 'vitest'
import { CameraController } from './camera-controller.ts'

const bounds = { left: 0, top: 0, right: 2_000, bottom: 1_000 }

function controllerAtHome(): CameraController {
  const controller = new CameraController()
  controller.resize({ width: 400, height: 400 })
  controller.chart(bounds, 20, true)
  return controller
}

test('a chart is first seen whole, and again after the window changed', () => {
  const controller = controllerAtHome()
  expect(controller.camera.x).toBe(1_000)
  expect(controller.camera.scale * 2_000).toBeLessThan(400)
  controller.resize({ width: 800, height: 800 })
  expect(controller.camera).toEqual(controller.home)
})

test('on a narrow screen a room opens larger than whole, a very large one does not', () => {
  const controller = new CameraController()
  controller.resize({ width: 390, height: 700 })
  controller.chart({ left: 0, top: 0, right: 1_000, bottom: 900 }, 20)
  expect(controller.pitchPx).toBeCloseTo(9)
  expect(controller.home.scale * 1_000).toBeLessThan(390)
  controller.chart({ left: 0, top: 0, right: 4_000, bottom: 4_000 }, 20, true)
  expect(controller.camera).toEqual(controller.home)
})

test('a tiny room is not blown up', () => {
  const controller = new CameraController()
  controller.resize({ width: 1_400, height: 900 })
  controller.chart({ left: 0, top: 0, right: 60, bottom: 60 }, 20)
  expect(controller.pitchPx).toBe(36)
})

test('letting go in motion glides to a stop, and a touch stops it', () => {
  const controller = controllerAtHome()
  controller.zoom({ x: 200, y: 200 }, 4)
  controller.act({ kind: 'release', vx: 2, vy: 0 }, 0)
  expect(controller.isMoving).toBe(true)
  for (let now = 16; now < 4_000; now += 16) controller.tick(now)
  expect(controller.isMoving).toBe(false)
  expect(controller.camera.x).toBeLessThan(1_000)
  controller.act({ kind: 'release', vx: 2, vy: 0 }, 5_000)
  controller.act({ kind: 'grab' }, 5_010)
  expect(controller.isMoving).toBe(false)
})

test('steps add up while one is still under way', () => {
  const controller = controllerAtHome()
  const before = controller.camera.scale
  controller.zoomStep(2, 0)
  controller.zoomStep(2, 50)
  controller.tick(2_000)
  expect(controller.camera.scale).toBeCloseTo(before * 4)
})

test('a seat far off comes into view, a seat in view moves nothing', () => {
  const controller = controllerAtHome()
  controller.reveal({ x: 1_900, y: 100 }, 26, 0)
  controller.tick(2_000)
  expect(controller.pitchPx).toBeCloseTo(26)
  const { camera } = controller
  controller.reveal({ x: 1_910, y: 100 }, 26, 3_000)
  controller.tick(5_000)
  expect(controller.camera).toEqual(camera)
})

test('with reduced motion everything arrives at once', () => {
  const controller = controllerAtHome()
  controller.isStill = true
  controller.show({ left: 0, top: 0, right: 100, bottom: 100 }, 0)
  expect(controller.isMoving).toBe(false)
  expect(controller.camera.x).toBe(50)
  controller.act({ kind: 'release', vx: 2, vy: 0 }, 0)
  expect(controller.isMoving).toBe(false)
})
