import { expect, test } from 'vitest'
import { levelsOf, strongOf, visualOrder } from './bidi.ts'
import { clustersOf } from './set-line.ts'

/** Each cluster of the text in the order in which it stands on the page; right-to-left runs reversed by hand. */
function shown(text: string): string {
  const clusters = clustersOf(text)
  const levels = levelsOf(clusters.map(strongOf))
  return visualOrder(clusters.map((cluster, index) => ({ cluster, level: levels[index] ?? 0 })))
    .map((piece) => piece.cluster)
    .join('')
}

test('left to right stays as it is', () => {
  expect(shown('Meera Joshi, row 12')).toBe('Meera Joshi, row 12')
})

test('right to left is turned, its spaces with it', () => {
  expect(shown('אב גד')).toBe('דג בא')
})

test('a name within a line of the other direction keeps its place', () => {
  expect(shown('1 of 2 · אב גד')).toBe('1 of 2 · דג בא')
  expect(shown('אב Ada גד')).toBe('דג Ada בא')
})

test('punctuation at an edge follows the line, not its neighbour', () => {
  expect(shown('Ada (אב)')).toBe('Ada (בא)')
  expect(shown('!?')).toBe('!?')
})
