import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, inkOn, legible, type Rgb, TEXT_CONTRAST } from './map-theme.ts'

const byte = fc.integer({ min: 0, max: 255 })
const paper: Rgb = [251, 250, 247]
const night: Rgb = [18, 17, 15]

test('any chart’s colour stands out from light and dark paper', () => {
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte), (color) => {
      expect(contrast(legible(color, paper), paper)).toBeGreaterThanOrEqual(3)
      expect(contrast(legible(color, night), night)).toBeGreaterThanOrEqual(3)
    }),
  )
})

test('a colour that stands out already stays as it is', () => {
  expect(legible([47, 85, 212], paper)).toEqual([47, 85, 212])
})

test('text in any chart’s colour can be read on light and dark paper', () => {
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte), (color) => {
      for (const ground of [paper, night])
        expect(contrast(legible(color, ground, TEXT_CONTRAST), ground)).toBeGreaterThanOrEqual(TEXT_CONTRAST)
    }),
  )
})

test('the number of a seat can be read on every colour', () => {
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte), (color) => {
      expect(contrast(inkOn(color), color)).toBeGreaterThanOrEqual(TEXT_CONTRAST)
    }),
  )
})
