import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '#platform/testing'
import { chooseFaces } from './choose-faces.ts'
import type { NotoFace } from './fonts.ts'
import { notoSlices } from './noto.ts'
import { printable, type Run, setLine } from './set-line.ts'

/**
 * Chromium draws the same characters with the same font file beside our outlines, and the pixels are compared. Its text
 * engine is the one by which people see these names elsewhere.
 */
const LOCALES = new URL('../../../../shared/data/dev/names/faker-locales.json', import.meta.url)
const SIZE = 96
/**
 * Ink that only one of the images has, as a share of all ink: outlines and text are antialiased a little differently.
 */
const DIFFERENCE_MAX = 0.04
/** Chromium rounds advances; a misplaced mark or a letter that does not join moves more. */
const WIDTH_MAX = 0.01
const SCRIPTS_MIN = 100
const LETTERS = 6
const MARKS = 5

const { resolve } = createRequire(import.meta.url)

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launchChromium()
  page = await browser.newPage()
  await page.addScriptTag({ path: fileURLToPath(new URL('compare-ink.fixture.js', import.meta.url)) })
})

afterAll(() => browser.close())

type NotoRun = Extract<Run, { kind: 'noto' }>
type Picture = { font: string; text: string; path: string }

function pictureOf(run: NotoRun): Picture {
  const scale = SIZE / run.face.units_per_em
  const path = run.glyphs
    .map(({ id, x, y }) => ({ at: [x * scale, -y * scale], outline: scaled(run.face, id, scale) }))
    .filter(({ outline }) => outline !== '')
    .map(({ at, outline }) => `${at[0]},${at[1]} ${outline}`)
    .join('|')
  return { font: readFileSync(resolve(run.face.name)).toString('base64'), text: run.text, path }
}

function scaled(face: NotoFace, glyph: number, scale: number): string {
  return face.font
    .glyphToJson(glyph)
    .map(({ type, values }) => `${type}${values.map((value, i) => value * (i % 2 === 0 ? scale : -scale)).join(' ')}`)
    .join('')
}

/** The share of ink that differs, and the width of Chromium's text. */
function compare(picture: Picture): Promise<{ difference: number; width: number }> {
  return page.evaluate(`compareInk(${JSON.stringify({ ...picture, size: SIZE })})`)
}

async function notoRuns(text: string): Promise<NotoRun[]> {
  const { runs } = setLine(await chooseFaces('strong', text), printable(text), SIZE)
  return runs.filter((run) => run.kind === 'noto')
}

/** Letters of a slice, the first of them with each of its marks. */
function sampleOf(ranges: readonly (readonly [number, number])[]): string {
  const characters = ranges
    .flatMap(([from, to]) => Array.from({ length: Math.min(to - from, 400) + 1 }, (_, i) => from + i))
    // Grantha borrows letters of Tamil, whose file comes first when they stand alone.
    .filter((point) => point > 0x2ff && !(point >= 0x0b80 && point <= 0x0bff && ranges.length > 8))
    .map((point) => String.fromCodePoint(point))
  const letters = characters.filter((c) => /\p{L}/u.test(c) && c.normalize('NFKC') === c)
  const marks = characters.filter((c) => /\p{M}/u.test(c) && !/\p{Script=Inherited}/u.test(c))
  const step = Math.max(1, Math.floor(letters.length / LETTERS))
  const chosen = letters.filter((_, index) => index % step === 0).slice(0, LETTERS)
  // Consonants stand in the middle of most scripts' charts, vowels, which take no marks, at their beginning.
  const middle = letters[Math.floor(letters.length / 2)] ?? ''
  const marked = marks
    .filter((_, index) => index % Math.max(1, Math.floor(marks.length / MARKS)) === 0)
    .slice(0, MARKS)
    .map((mark) => `${middle}${mark}`)
  return printable([...chosen, ...marked].join(''))
}

test('every script that Noto has is shaped as Chromium shapes it', async () => {
  const apart: string[] = []
  const families = new Set<string>()
  for (const slice of notoSlices()) {
    const sample = sampleOf(slice.ranges)
    if (sample === '' || slice.family === 'noto-emoji') continue
    for (const run of await notoRuns(sample)) {
      const { difference, width } = await compare(pictureOf(run))
      families.add(slice.family)
      if (difference > DIFFERENCE_MAX || Math.abs(width - run.width) > WIDTH_MAX * width) {
        apart.push(`${slice.family}: ${run.text} ${difference.toFixed(3)}, ${width} against ${run.width}`)
      }
    }
  }
  expect(apart).toEqual([])
  expect(families.size).toBeGreaterThanOrEqual(SCRIPTS_MIN)
}, 120_000)

test('names of every locale are shaped as Chromium shapes them', async () => {
  const { locales } = JSON.parse(readFileSync(LOCALES, 'utf8')) as {
    locales: Record<string, { full: string[] }>
  }
  const apart: string[] = []
  let boxes = 0
  for (const { full } of Object.values(locales)) {
    for (const name of full.slice(0, 3)) {
      const { runs } = setLine(await chooseFaces('strong', name), printable(name), SIZE)
      boxes += runs.filter((run) => run.kind === 'boxes').length
      for (const run of runs.filter((one) => one.kind === 'noto')) {
        const { difference, width } = await compare(pictureOf(run))
        if (difference > DIFFERENCE_MAX || Math.abs(width - run.width) > WIDTH_MAX * width)
          apart.push(`${run.text} ${difference.toFixed(3)}, ${width} against ${run.width}`)
      }
    }
  }
  expect({ apart, boxes, locales: Object.keys(locales).length }).toEqual({ apart: [], boxes: 0, locales: 40 })
}, 120_000)

test('the comparison detects a single misplaced mark', async () => {
  const [run] = await notoRuns('\u0e01\u0e34\u0e19\u0e02\u0e49\u0e32\u0e27')
  if (run === undefined) throw new Error('no run')
  const moved = run.glyphs.map((glyph, index) => (index === 1 ? { ...glyph, y: glyph.y + 200 } : glyph))
  expect((await compare(pictureOf(run))).difference).toBeLessThan(DIFFERENCE_MAX)
  expect((await compare(pictureOf({ ...run, glyphs: moved }))).difference).toBeGreaterThan(DIFFERENCE_MAX)
})
