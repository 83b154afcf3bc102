import { expect, test } from 'vitest'
import { normaliseName, passwordError } from './words.ts'

test.each([
  ['  Zoë ', 'Zoë'],
  ['Zoe\u0308', 'Zoë'],
  ["O'Brien-Smith", "O'Brien-Smith"],
  ['עברית', 'עברית'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
  ['=cmd()', '=cmd()'],
  ['<b>Bobby</b>', '<b>Bobby</b>'],
])('%j stays a name', (typed, name) => {
  expect(normaliseName(typed)).toBe(name)
})

test.each(['a\0b', 'a\nb', 'a\u001bb', 'half \ud83d pair', 'a\u0378'])('%j is no name', (typed) => {
  expect(normaliseName(typed)).toBeUndefined()
})

test('a password needs eight signs, whatever they are', () => {
  expect(passwordError('1234567')).not.toBeNull()
  expect(passwordError('12345678')).toBeNull()
  expect(passwordError('👩‍👩‍👧👩')).not.toBeNull()
  expect(passwordError('with a space and ünïcode')).toBeNull()
  expect(passwordError('1234567\0')).not.toBeNull()
  expect(passwordError('1234567\ud800')).not.toBeNull()
})
