import { expect, test } from 'vitest'
import { CameraController } from './camera-controller.ts'

const bounds = { left: 0, top: 0, right: 2_000, bottom: 1_000 }

function controllerAtHome(): CameraController {
  const controller = new CameraController()
  controller.resize({ width: 400, height: 400 })
  controller.chart(bounds, 20)
  return controller
}

test('a chart is first seen whole, and again after the window changed', () => {
  const controller = controllerAtHome()
  expect(controller.camera.x).toBe(1_000)
  expect(controller.camera.scale * 2_000).toBeLessThan(400)
  controller.resize({ width: 800, height: 800 })
  expect(controller.camera).toEqual(controller.home)
})

test.each([
  [390, 530, 1_000, 720],
  [390, 530, 1_000, 2_000],
  [768, 620, 1_000, 900],
  [1_060, 828, 1_000, 1_000],
  [1_060, 828, 3_000, 1_000],
])('in %d × %d px a room of %d × %d opens whole, clear of the controls', (width, height, across, down) => {
  const controller = new CameraController()
  controller.resize({ width, height })
  controller.chart({ left: 0, top: 0, right: across, bottom: down }, 20)
  const { scale } = controller.camera
  expect(controller.camera).toEqual(controller.home)
  expect(across * scale).toBeLessThan(width)
  expect(down * scale).toBeLessThan(height)
  const is_above = height / 2 + (down * scale) / 2 <= height - 60
  const is_beside = width / 2 + (across * scale) / 2 <= width - 150
  expect(is_above || is_beside).toBe(true)
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

test.each([
  ['the wheel', (controller: CameraController) => controller.zoom({ x: 30, y: 390 }, 0.01)],
  ['the button', (controller: CameraController) => controller.zoomStep(0.01, 0)],
])('zoomed out by %s after a pan, the room is in the middle', (_, zoomOut) => {
  const controller = controllerAtHome()
  controller.isStill = true
  controller.zoom({ x: 200, y: 200 }, 4)
  controller.act({ kind: 'pan', dx: -300, dy: 90 }, 0)
  expect(controller.camera.x).toBeGreaterThan(1_000)
  zoomOut(controller)
  expect(controller.camera).toMatchObject({ x: 1_000, y: 500 })
})

test('brought home, a room is fitted anew when the window changes', () => {
  const controller = controllerAtHome()
  controller.isStill = true
  controller.zoom({ x: 30, y: 390 }, 4)
  controller.goHome(0)
  controller.resize({ width: 800, height: 800 })
  expect(controller.camera).toEqual(controller.home)
})
