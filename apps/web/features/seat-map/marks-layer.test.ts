import { expect, test } from 'vitest'
import { toScreen } from './camera.ts'
import { partOf } from './marks-layer.ts'

const view = { camera: { x: 70, y: -20, scale: 1.7 }, viewport: { width: 390, height: 700 }, dpr: 2 }

test('a part of a view holds its box and shows a point where the whole view does', () => {
  const part = partOf(view, { left: 101, top: 55, right: 139, bottom: 93 })
  expect(part?.viewport).toEqual({ width: 48, height: 48 })
  if (part === null) throw new Error('The box is seen')
  const point = { x: 33, y: -150 }
  const [whole, own] = [toScreen(view.camera, view.viewport, point), toScreen(part.camera, part.viewport, point)]
  expect(own.x + 96).toBeCloseTo(whole.x)
  expect(own.y + 48).toBeCloseTo(whole.y)
})

test('what is outside of the view has no part of it', () => {
  expect(partOf(view, { left: 400, top: 50, right: 440, bottom: 90 })).toBeNull()
  const far = Number.POSITIVE_INFINITY
  expect(partOf(view, { left: far, top: far, right: -far, bottom: -far })).toBeNull()
})
