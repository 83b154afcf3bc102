import { expect, test } from 'vitest'
import { contrast, type Rgb, TEXT_CONTRAST } from '../seat-map/map-theme.ts'
import { BARS, GROUND, TONES } from './tones.ts'

/** Of a focus ring to what is around it, by WCAG 2.2 (1.4.11). */
const RING_CONTRAST = 3
const WHITE: Rgb = [255, 255, 255]

function groundOf(classes: string): Rgb {
  const hex = /bg-\[#([0-9a-f]{6})\]/.exec(classes)?.[1] ?? ''
  const [red = 0, green = 0, blue = 0] = hex.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? []
  return [red, green, blue]
}

/** A ground under a bar of black that covers it in part. */
function under(bar: string, [red, green, blue]: Rgb): Rgb {
  const shines = 1 - Number(/bg-black\/(\d+)/.exec(bar)?.[1]) / 100
  return [red * shines, green * shines, blue * shines]
}

const focus = (classes: string): string | undefined => /\[--focus:(#[0-9a-f]+)\]/.exec(classes)?.[1]

test('white text and the white focus ring stand out from every ground of the scanner', () => {
  expect(focus(GROUND)).toBe('#fff')
  const answers = Object.values(TONES).map(groundOf)
  const grounds = [groundOf(GROUND), ...answers, ...answers.map((ground) => under(BARS.on_answer, ground))]
  for (const ground of [...grounds, under(BARS.on_picture, WHITE)]) {
    expect(contrast(WHITE, ground), ground.join()).toBeGreaterThanOrEqual(TEXT_CONTRAST)
  }
})

test('the ring of the light theme would not', () => {
  const ink: Rgb = [23, 21, 18]
  for (const ground of [groundOf(GROUND), under(BARS.on_answer, groundOf(TONES.admit))])
    expect(contrast(ink, ground)).toBeLessThan(RING_CONTRAST)
})
