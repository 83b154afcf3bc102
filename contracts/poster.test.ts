import { expect, test } from 'vitest'
import { poster } from './poster.ts'

test('the same title is the same picture, another title or salt is another', () => {
  const ragas = { title: 'Monsoon Ragas', genre: 'classical', ratio: 2.05 }
  expect(poster(ragas)).toEqual(poster(ragas))
  expect(poster({ ...ragas, title: 'Monsoon Raga' })).not.toEqual(poster(ragas))
  expect(poster({ ...ragas, salt: 1 })).not.toEqual(poster(ragas))
})

test("the palette is the genre's; an unknown genre has that of music", () => {
  expect(poster({ title: 'x', genre: 'jazz' }).background).toBe('#102542')
  expect(poster({ title: 'x', genre: 'Jazz' })).toEqual(poster({ title: 'x', genre: 'jazz' }))
  expect(poster({ title: 'x', genre: 'constructor' }).background).toBe(
    poster({ title: 'x', genre: 'music' }).background,
  )
})

test('a band has ten columns, a poster four; tiles stay within the picture', () => {
  for (const [ratio, width, height] of [
    [0.8, 400, 500],
    [2.5, 1_000, 400],
  ] as const) {
    const picture = poster({ title: 'Hamlet', genre: 'theatre', ratio })
    expect([picture.width, picture.height]).toEqual([width, height])
    for (const tile of picture.tiles) {
      expect(tile.x).toBeGreaterThanOrEqual(0)
      expect(tile.x + 100).toBeLessThanOrEqual(width)
      expect(tile.y + 100).toBeLessThanOrEqual(height)
    }
  }
})

test('the poster of a title never changes: it is printed on tickets', () => {
  const { tiles } = poster({ title: 'Monsoon Ragas', genre: 'classical', ratio: 2 })
  expect(tiles.slice(0, 2)).toMatchInlineSnapshot(`
    [
      {
        "parts": [
          {
            "d": "M0,0 L100,0 A100,100 0 0 1 0,100Z",
            "fill": "#f2b035",
          },
        ],
        "x": 100,
        "y": 0,
      },
      {
        "parts": [
          {
            "d": "M0,100 A100,100 0 0 1 100,0 L100,28 A72,72 0 0 0 28,100Z",
            "fill": "#f4ecd8",
          },
          {
            "d": "M100,100 L56,100 A44,44 0 0 1 100,56Z",
            "fill": "#d1495b",
          },
        ],
        "x": 200,
        "y": 0,
      },
    ]
  `)
})

test('no part has the colour of the background: painted over another part, its edge would show as a line', () => {
  for (const genre of ['music', 'theatre', 'classical', 'comedy', 'dance', 'jazz', 'sport', 'film'])
    for (let salt = 0; salt < 20; salt += 1) {
      const { background, tiles } = poster({ title: 'Hamlet', genre, salt })
      expect(tiles.flatMap((tile) => tile.parts).filter((part) => part.fill === background)).toEqual([])
    }
})
