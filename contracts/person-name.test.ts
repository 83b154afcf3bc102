import { expect, test } from 'vitest'
import { normaliseName } from './person-name.ts'

test.each([
  ['  Zoë ', 'Zoë'],
  ['Zoe\u0308', 'Zoë'],
  ["O'Brien-Smith", "O'Brien-Smith"],
  ['עברית', 'עברית'],
  ['\u200b ', ''],
  ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
  ['=cmd()', '=cmd()'],
  ['<b>Bobby</b>', '<b>Bobby</b>'],
])('%j stays a name', (typed, name) => {
  expect(normaliseName(typed)).toBe(name)
})

test.each([
  'a\0b',
  'a\nb',
  'a\u001bb',
  'half \ud83d pair',
  'a\u0378',
  '\u202eevil',
  '\u2067a\u2069',
  'a\u0085b',
  'a\u2028b',
])('%j is no name', (typed) => {
  expect(normaliseName(typed)).toBeUndefined()
})
