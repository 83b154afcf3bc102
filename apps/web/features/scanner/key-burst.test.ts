import { newCodeId, ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import { expect, test } from 'vitest'
import { KeyBurst, type Read, withoutBurst } from './key-burst.ts'

const CODE = ticketCode(
  ticketCodeBody({ key_id: '0a1b2c3d', code_id: newCodeId(), performance_id: 'perf_a' }),
  new Uint8Array(64).map((_, index) => index * 3),
)
const WHOLE: Read = { kind: 'code', code: CODE, typed: CODE }
const ENTER_MS = 5

/** Presses the keys of a text and Enter; `pauses` names, by position, the milliseconds before a key. */
function scan(text: string, pauses: Readonly<Record<number, number>> = {}, pause_ms = 5): Read | null {
  const burst = new KeyBurst()
  let at_ms = 0
  Array.from(text).forEach((key, index) => {
    at_ms += pauses[index] ?? pause_ms
    expect(burst.press(key, at_ms)).toBeNull()
  })
  return burst.press('Enter', at_ms + (pauses[text.length] ?? ENTER_MS))
}

test('keys in quick succession, ended by Enter or Tab, are a code', () => {
  expect(scan(CODE)).toEqual(WHOLE)
  expect(scan(CODE, {}, 40)).toEqual(WHOLE)
  const burst = new KeyBurst()
  // A scanner presses Shift before each capital.
  Array.from(CODE)
    .flatMap((key) => ['Shift', key])
    .forEach((key, index) => burst.press(key, index * 3))
  expect(burst.press('Tab', CODE.length * 6)).toEqual(WHOLE)
})

test('a code whose keys arrive unevenly is read whole, wherever its pauses are', () => {
  for (let at = 1; at < CODE.length - 40; at += 1)
    expect(scan(CODE, { [at]: 100, [at + 40]: 300 }), `pauses from key ${at}`).toEqual(WHOLE)
  expect(scan(CODE, { [CODE.length]: 450 })).toEqual(WHOLE)
  expect(scan(CODE, {}, 120)).toEqual(WHOLE)
})

test('a code is read in any letter case and with blanks around it', () => {
  for (const typed of [CODE.toLowerCase(), `${CODE} `, ` ${CODE}`, `  ${CODE.toLowerCase()}   `])
    expect(scan(typed)).toEqual({ kind: 'code', code: CODE, typed })
  const again = ` ${CODE.toLowerCase()} `
  expect(scan(CODE.slice(0, 80) + again)).toEqual({ kind: 'code', code: CODE, typed: again })
  // What such a read wrote into a field is taken out as it was written.
  expect(withoutBurst(`Gate A${again}`, again)).toBe('Gate A')
  expect(withoutBurst(`Gate A${again.slice(0, 34)}`, again)).toBe('Gate A')
})

test('half a code is no code, whichever half and wherever it broke', () => {
  for (let at = 1; at < CODE.length; at += 1) {
    const lost = scan(CODE, { [at]: 900 })
    expect(lost?.kind, `broken before key ${at}`).not.toBe('code')
    expect(scan(CODE.slice(0, at))?.kind).not.toBe('code')
    expect(scan(CODE.slice(0, at) + CODE.slice(at + 1))?.kind).not.toBe('code')
  }
  expect(scan(CODE, { [70]: 900 })).toEqual({ kind: 'broken', typed: CODE.slice(70) })
})

test('a code read again at once, after a read that broke off without its Enter, is read', () => {
  expect(scan(CODE.slice(0, 80) + CODE, { 80: 400 })).toEqual(WHOLE)
})

test('a hand is no scanner: too slow, or too short', () => {
  expect(scan('North entrance', {}, 120)).toBeNull()
  expect(scan('Gate A', {}, 20)).toBeNull()
  expect(scan('North entrance', { 3: 90, 7: 150, 11: 80 }, 40)).toBeNull()
})

test('a pause begins anew, and one code follows another', () => {
  const burst = new KeyBurst()
  for (const key of 'Gate A 12') burst.press(key, 0)
  const type = (at_ms: number) => [...CODE, 'Enter'].map((key, index) => burst.press(key, at_ms + index)).at(-1)
  expect(type(1_000)).toEqual(WHOLE)
  expect(type(1_200)).toEqual(WHOLE)
})

test('what a burst wrote into a field is taken out, also where the field was full', () => {
  expect(withoutBurst(`Gate A${CODE}`, CODE)).toBe('Gate A')
  expect(withoutBurst(`Gate A${CODE.slice(0, 4)}`, CODE)).toBe('Gate A')
  expect(withoutBurst('Gate A', CODE)).toBe('Gate A')
  expect(withoutBurst(CODE, CODE)).toBe('')
})
