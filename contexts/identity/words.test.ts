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

test.each([
  '1234567',
  '👩‍👩‍👧👩',
  '1234567\0',
  '1234567\ud800',
  'password',
  'PASSWORD',
  'Password1',
  '12345678',
  'iloveyou',
  'ｐａｓｓｗｏｒｄ',
])('%j is no password to choose', async (password) => {
  expect(await passwordError(password)).not.toBeNull()
})

test.each(['with a space and ünïcode', 'tessera-demo', 'kauz-8-ofen'])('%j can be chosen', async (password) => {
  expect(await passwordError(password)).toBeNull()
})
