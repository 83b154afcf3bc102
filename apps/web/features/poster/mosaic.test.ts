import { expect, test } from 'vitest'
import { mosaic, PALETTES } from './mosaic.ts'

test('the same title and genre always give the same poster', () => {
  expect(mosaic('Monsoon Ragas', 'classical')).toEqual(mosaic('Monsoon Ragas', 'classical'))
  expect(mosaic('Monsoon Ragas', 'classical')).not.toEqual(mosaic('The Seagull', 'classical'))
})

test('a poster keeps to the palette of its genre, whatever the case it is written in', () => {
  const allowed = new Set(PALETTES.jazz)
  const poster = mosaic('Femi & the Tides', 'Jazz')
  expect(poster.shapes.every((shape) => allowed.has(shape.fill))).toBe(true)
  expect(poster.shapes.length).toBeGreaterThan(1)
})

test('an unknown genre and a title without letters still get a poster', () => {
  expect(mosaic('☾', 'puppetry').shapes.length).toBeGreaterThan(0)
})

test('a poster of a card stays small enough to stand in the page itself', () => {
  for (const title of ['Orbital Choir', 'Late Show: Ada Bright', 'Kaisa Lund: Day, Night', 'Small Machines'])
    expect(JSON.stringify(mosaic(title, 'music')).length).toBeLessThan(2_600)
})

test('tiles cover exactly the columns and rows the ratio asks for', () => {
  expect(mosaic('Wide', 'film', 2.4)).toMatchObject({ width: 1_000, height: 400 })
  expect(mosaic('Card', 'film', 0.8)).toMatchObject({ width: 400, height: 500 })
})
