import { expect, test } from 'vitest'
import { CodesInView } from './codes-in-view.ts'

const FRAME_MS = 100

/** Shows the frames one after another; each code that was taken, with the time. */
function film(view: CodesInView, frames: readonly (readonly string[])[], from_ms = 0): string[] {
  return frames.flatMap((codes, index) => {
    const now_ms = from_ms + index * FRAME_MS
    const code = view.take(codes, now_ms, false)
    return code === null ? [] : [`${code} ${now_ms}`]
  })
}

const times = (count: number, codes: readonly string[]) => Array.from({ length: count }, () => codes)

test('of two tickets before one camera the first is taken, once', () => {
  expect(film(new CodesInView(), times(300, ['A', 'B']))).toEqual(['A 0'])
  // A reader that shows one of them a frame, or reports them in another order, changes nothing.
  const in_turn = Array.from({ length: 300 }, (_, index) => [index % 2 === 0 ? 'A' : 'B'])
  expect(film(new CodesInView(), in_turn)).toEqual(['A 0'])
  const turned = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? ['A', 'B'] : ['B', 'A']))
  expect(film(new CodesInView(), turned)).toEqual(['A 0'])
})

test('the next one is taken when the first has left the picture, not when a frame missed it', () => {
  const frames = [...times(5, ['A', 'B']), ...times(5, ['B']), ...times(5, ['A', 'B']), ...times(20, ['B'])]
  expect(film(new CodesInView(), frames)).toEqual(['A 0', 'B 2100'])
})

test('a code that has left may be taken again', () => {
  expect(film(new CodesInView(), [...times(3, ['A']), ...times(10, []), ...times(3, ['A'])])).toEqual(['A 0', 'A 1300'])
})

test('Next takes another code at once, never the one that was answered and is still there', () => {
  const view = new CodesInView()
  expect(film(view, times(5, ['A', 'B']))).toEqual(['A 0'])
  view.answered(450)
  view.next()
  expect(film(view, times(5, ['A', 'B']), 500)).toEqual(['B 500'])
  view.next()
  expect(film(view, times(50, ['A', 'B']), 1_000)).toEqual([])
  view.release('A')
  expect(film(view, times(5, ['A', 'B']), 6_000)).toEqual(['A 6000'])
})

test('nothing is taken while the server is asked, nor before the answer could be read', () => {
  const view = new CodesInView()
  expect(view.take(['A'], 0, false)).toBe('A')
  // A is gone and B is there when the answer to A comes.
  for (let now_ms = 100; now_ms <= 3_000; now_ms += 100) expect(view.take(['B'], now_ms, true)).toBeNull()
  view.answered(3_000)
  expect(view.take(['B'], 3_900, false)).toBeNull()
  expect(view.take(['B'], 4_000, false)).toBe('B')
})
