import { expect, test } from 'vitest'
import { KeyBurst, withoutBurst } from './key-burst.ts'

const CODE = 'TSR1.AAAABBBB'

function press(keys: readonly string[], pause_ms: number): (string | null)[] {
  const burst = new KeyBurst()
  return keys.map((key, index) => burst.press(key, index * pause_ms))
}

test('keys in quick succession, ended by Enter or Tab, are a code', () => {
  expect(press([...CODE, 'Enter'], 5).at(-1)).toBe(CODE)
  expect(press([...CODE, 'Tab'], 40).at(-1)).toBe(CODE)
  // A scanner presses Shift before each capital.
  expect(press([...Array.from(CODE).flatMap((key) => ['Shift', key]), 'Enter'], 3).at(-1)).toBe(CODE)
})

test('a hand is no scanner: too slow, or too short', () => {
  expect(press([...CODE, 'Enter'], 120).at(-1)).toBeNull()
  expect(press([...'Gate A', 'Enter'], 20).at(-1)).toBeNull()
})

test('a pause begins anew, and one code follows another', () => {
  const burst = new KeyBurst()
  for (const key of 'Gate A') burst.press(key, 0)
  const type = (at_ms: number) => [...CODE, 'Enter'].map((key, index) => burst.press(key, at_ms + index)).at(-1)
  expect(type(1_000)).toBe(CODE)
  expect(type(1_100)).toBe(CODE)
})

test('what a burst wrote into a field is taken out, also where the field was full', () => {
  expect(withoutBurst(`Gate A${CODE}`, CODE)).toBe('Gate A')
  expect(withoutBurst(`Gate A${CODE.slice(0, 4)}`, CODE)).toBe('Gate A')
  expect(withoutBurst('Gate A', CODE)).toBe('Gate A')
  expect(withoutBurst(CODE, CODE)).toBe('')
})
