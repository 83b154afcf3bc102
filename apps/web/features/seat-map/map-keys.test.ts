import { expect, test } from 'vitest'
import { keyAct } from './map-keys.ts'

test('arrows step, plus and minus undo each other, 0 shows the whole', () => {
  expect(keyAct('ArrowUp', false)).toEqual({ kind: 'step', direction: 'up' })
  const [nearer, farther] = [keyAct('+', false), keyAct('-', false)]
  expect(nearer?.kind === 'zoom' && farther?.kind === 'zoom' && nearer.factor * farther.factor).toBe(1)
  expect(keyAct('=', false)).toEqual(nearer)
  expect(keyAct('0', false)).toEqual({ kind: 'home' })
})

test('a seat can be chosen or left only when the keys are on one', () => {
  for (const key of ['Enter', ' ']) expect(keyAct(key, true)).toEqual({ kind: 'pick' })
  expect(keyAct('Escape', true)).toEqual({ kind: 'leave' })
  for (const key of ['Enter', ' ', 'Escape']) expect(keyAct(key, false)).toBeNull()
})

test('other keys stay the browser’s', () => {
  for (const key of ['Tab', 'a', 'constructor']) expect(keyAct(key, true)).toBeNull()
})
