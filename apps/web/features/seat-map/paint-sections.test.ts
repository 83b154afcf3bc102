import { expect, test } from 'vitest'
import { labelChoices } from './paint-sections.ts'

const summary = { free: 1_204, words: ['1,204 free', 'from €65'] }
const lines = (room_px: number, of = summary) => labelChoices('Block 204', of, room_px).map((choice) => choice.lines)

test('a section says in words how many are free, and in a number where words do not fit', () => {
  const shorter = [['Block 204', '1,204'], ['Block 204 · 1,204'], ['Block 204']]
  expect(lines(200)).toEqual([['Block 204', '1,204 free', 'from €65'], ...shorter])
  expect(lines(80)).toEqual([['Block 204', '1,204 free'], ...shorter])
  expect(lines(30)).toEqual(shorter)
})

test('a number stands only where the section has room for it, and none where nothing is to be told', () => {
  expect(labelChoices('204', summary, 30).map(({ inside }) => inside)).toEqual([true, true, false])
  expect(lines(30, { free: 0, words: [] })).toEqual([['Block 204']])
  expect(lines(30, { free: 0, words: ['Sold out'] })[0]).toEqual(['Block 204', '0'])
})
