import { poster } from '@tessera/contracts/poster'
import { expect, test } from 'vitest'
import { mosaic, mosaicSvg } from './mosaic.ts'

test('the same title and genre always give the same poster', () => {
  expect(mosaic('Monsoon Ragas', 'classical')).toEqual(mosaic('Monsoon Ragas', 'classical'))
  expect(mosaic('Monsoon Ragas', 'classical')).not.toEqual(mosaic('The Seagull', 'classical'))
})

test('melting loses no shape and invents no colour', () => {
  const tiles = poster({ title: 'Femi & the Tides', genre: 'jazz' }).tiles.flatMap((tile) => tile.parts)
  const melted = mosaic('Femi & the Tides', 'Jazz').shapes
  expect(melted.map((shape) => shape.d.split('Z').length - 1).reduce((a, b) => a + b)).toBe(tiles.length)
  expect(new Set(melted.map((shape) => shape.fill))).toEqual(new Set(tiles.map((part) => part.fill)))
})

test('tiles are moved to their place, arcs with their radius and flags kept', () => {
  const all = mosaic('Small Machines', 'film')
    .shapes.map((shape) => shape.d)
    .join('')
  const arcs = [...all.matchAll(/A([\d.]+) ([\d.]+) 0 ([01]) 1 /g)]
  expect(arcs.length).toBeGreaterThan(5)
  for (const [, rx, ry] of arcs) expect([100, 72, 50, 44, 34]).toContain(rx === ry ? Number(rx) : NaN)
})

test('a poster of a card stays small enough to stand in the page itself', () => {
  for (const title of ['Orbital Choir', 'Late Show: Ada Bright', 'Kaisa Lund: Day, Night', 'Small Machines'])
    expect(JSON.stringify(mosaic(title, 'music')).length).toBeLessThan(3_000)
})

test('a title cannot break out of the document', () => {
  expect(mosaicSvg('</svg><script>', 'film', 0.8)).not.toContain('<script')
})
