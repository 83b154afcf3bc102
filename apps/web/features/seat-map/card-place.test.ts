import { expect, test } from 'vitest'
import { cardPlace } from './card-place.ts'

const card = { width: 100, height: 60 }
const viewport = { width: 390, height: 500 }

test('a card stands above its seat, in the middle', () => {
  expect(cardPlace({ x: 200, y: 300 }, 20, card, viewport)).toEqual({ x: 150, y: 220 })
})

test('where above is no room it stands below', () => {
  expect(cardPlace({ x: 200, y: 80 }, 20, card, viewport)).toEqual({ x: 150, y: 100 })
})

test('no edge cuts it', () => {
  expect(cardPlace({ x: 10, y: 300 }, 20, card, viewport).x).toBe(8)
  expect(cardPlace({ x: 385, y: 300 }, 20, card, viewport).x).toBe(282)
  expect(cardPlace({ x: 200, y: 80 }, 20, card, { width: 390, height: 120 }).y).toBe(52)
})
