import { expect, test } from 'vitest'
import { wordComplaints } from './words.ts'

const word = (...halves: string[]): string => halves.join('')

test.each([
  ['contexts/booking/x.ts', `// the ${word('hall', 'way')} lets it in`],
  ['docs/x.md', `It is in ${word('someone’s', ' hands')}.`],
  ['contexts/booking/x.sql', `-- a ${word('stam', 'pede')} of holds`],
  ['tests/x.test.ts', `test('every buyer has ${word('hi', 's')} ticket', run)`],
  ['contexts/payment/x.ts', `const ${word('hou', 'se')} = open()`],
  ['apps/web/x.tsx', `const ${word('hou', 'se')} = useMap()`],
  ['contexts/payment/x.ts', `open${word('Hou', 'se')}() // the whole ${word('hou', 'se')}`],
])('%s: %s is refused with its line', (file, line) => {
  expect(wordComplaints(file, `fine\n${line}\n`)).toEqual([expect.stringContaining(`${file}:2 says`)])
})

test('parts of other words, names, the glossary and applied migrations pass', () => {
  expect(wordComplaints('a.ts', "this warehouse history: 'Old Opera House', whisper")).toEqual([])
  expect(wordComplaints('docs/glossary.md', word('stam', 'pede'))).toEqual([])
  expect(wordComplaints('contexts/x/sql/migrations/0001_init.sql', word('-- hou', 'se seats'))).toEqual([])
})
