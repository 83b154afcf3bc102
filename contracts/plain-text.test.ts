import { expect, test } from 'vitest'
import { isBlank, textError } from './plain-text.ts'

test.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
  'a text with %j could be shown as another one',
  (control) => {
    for (const lines of [true, false]) expect(textError(`Row ${control}A 21`, { lines })).toContain('writing direction')
  },
)

test.each(['\0', '\u001b', '\u007f', '\u0085', '\u009b'])('%j is a control character everywhere', (control) => {
  for (const lines of [true, false]) expect(textError(`a${control}b`, { lines })).toBe('holds control characters')
})

test.each(['\t', '\n', '\r\n', '\u2028', '\u2029'])(
  '%j separates lines of a text, and a title has one line',
  (separator) => {
    expect(textError(`a${separator}b`, { lines: true })).toBeNull()
    expect(textError(`a${separator}b`, { lines: false })).toBe('holds control characters')
  },
)

test('half of a character is refused', () => {
  expect(textError('a\ud83d', { lines: true })).toContain('surrogate')
})

test.each([
  'The Tempest',
  'مساء\u200f (1)',
  'שלום\u200e',
  'می\u200cخواهم',
  '👩\u200d🎤',
  '🏴\u{e0067}\u{e007f}',
  '<b>&\u00a0',
  '𝐓𝐡𝐞',
  '\u0600',
  '\u{13000}',
  '\u{1d158}',
])('%j is text like any other', (text) => {
  expect([textError(text, { lines: false }), isBlank(text)]).toEqual([null, false])
})

test.each([
  '',
  ' ',
  '\u00a0\u3000',
  '\u200b',
  '\u200e\u2060',
  '\u3164',
  '\ufeff\u00ad',
  '\ufe0f',
  '\u2800',
  '\ufff9',
  '\ufffa\ufffb',
  '\u{13430}',
  '\u{1343f} \u{13440}',
  '\u{13441}',
  '\u{13442}',
  '\u{16fe4}',
  '\u{1d159}',
])('nobody sees %j', (text) => {
  expect(isBlank(text)).toBe(true)
})
