import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as fontkit from 'fontkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drawPreview } from './draw-preview.tsx'
import { drawable } from './drawable.ts'

/** The servers that were asked. Data in an address is on no server. */
const asked: string[] = []
const { fetch } = globalThis
beforeEach(() => {
  asked.length = 0
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.startsWith('data:')) return fetch(url)
    asked.push(new URL(url).host)
    throw new TypeError('fetch failed')
  })
})
afterEach(() => void vi.unstubAllGlobals())

const preview = (title: string) => ({ title, genre: 'Theatre', when: 'Sat 12 Dec, 20:00', where: 'Playhouse, Vienna' })

test('every character that is drawn is in the font that draws it', () => {
  const next = dirname(createRequire(import.meta.url).resolve('next/package.json'))
  const font = fontkit.create(readFileSync(join(next, 'dist/compiled/@vercel/og/Geist-Regular.ttf')))
  if (!('hasGlyphForCodePoint' in font)) throw new Error('The file holds more than one font')
  const points = Array.from({ length: 0x2_0000 }, (_, point) => point)
  const drawn = points.filter((point) => point !== 0x20 && drawable(String.fromCodePoint(point)) !== '')
  expect(drawn.length).toBeGreaterThan(400)
  // A character may be drawn as its composed equivalent.
  const inFont = (point: number) =>
    Array.from(drawable(String.fromCodePoint(point))).every((one) => font.hasGlyphForCodePoint(one.codePointAt(0) ?? 0))
  expect(drawn.filter((point) => !inFont(point))).toEqual([])
})

test.each([
  ['The Tempest', 'The Tempest'],
  ['Kytice — Żółć, Đặng, Прага', 'Kytice — Żółć, Đặng, Прага'],
  ['Cafe\u0301 🎭\ufe0f Night', 'Café Night'],
  ['👩\u200d🎤', ''],
  ['東京 Night', ''],
  ['مساء', ''],
  ['Αντιγόνη', ''],
  ['\u202eevil', 'evil'],
])('of %j is drawn %j', (title, drawn) => {
  expect(drawable(title)).toBe(drawn)
})

test('whatever the title, a picture is drawn and no other server is asked', async () => {
  for (const title of [
    '東京 寄席 🎭',
    'مساء الخير',
    'Late Show 🎭',
    'नमस्ते',
    'x\u{1f3f4}\u{e0067}\u{e007f}',
    '\ufff0',
    '𝐓𝐡𝐞',
    '♥ ★ ☃',
  ])
    expect([
      title,
      Buffer.from(await drawPreview(preview(title)))
        .subarray(1, 4)
        .toString(),
    ]).toEqual([title, 'PNG'])
  expect(asked).toEqual([])
})
