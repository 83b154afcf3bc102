import { expect, test } from 'vitest'
import { idleAllowances, wordComplaints } from './words.ts'

const word = (...halves: string[]): string => halves.join('')

test.each([
  ['contexts/booking/x.ts', `// the ${word('hall', 'way')} lets it in`],
  ['docs/x.md', `It is in ${word('someone’s', ' hands')}.`],
  ['contexts/booking/x.sql', `-- a ${word('stam', 'pede')} of holds`],
  ['tests/x.test.ts', `test('every buyer has ${word('hi', 's')} ticket', run)`],
  ['contexts/payment/x.ts', `const ${word('hou', 'se')} = open()`],
  ['apps/web/x.tsx', `const ${word('hou', 'se')} = useMap()`],
  ['contexts/payment/x.ts', `// its secret is ${word('told to no', 'body')}`],
  ['contexts/payment/x.test.ts', `test('a success that we do not ${word('live to rec', 'ord')}', run)`],
  ['contexts/payment/x.ts', `open${word('Hou', 'se')}() // the whole ${word('hou', 'se')}`],
])('%s: %s is refused with its line', (file, line) => {
  expect(wordComplaints(file, `fine\n${line}\n`)).toEqual([expect.stringContaining(`${file}:2 says`)])
})

test('parts of other words, names, the glossary and applied migrations pass', () => {
  expect(wordComplaints('a.ts', "this warehouse history: 'Old Opera House', whisper")).toEqual([])
  expect(wordComplaints('docs/glossary.md', word('stam', 'pede'))).toEqual([])
  expect(wordComplaints('contexts/x/sql/migrations/0001_init.sql', word('-- hou', 'se seats'))).toEqual([])
})

const GLOSSARY = `
| term | meaning | not |
| --- | --- | --- |
| dispute | the bank takes the money back | chargeback, claw-back |
| chart | a seating plan | map |
| batcher | collects what arrives | lane |
`

test('the glossary’s last column is refused, singular and plural, with the term to use', () => {
  expect(wordComplaints('contexts/x.ts', 'fine\n// Chargebacks and a claw-back', GLOSSARY)).toEqual([
    'contexts/x.ts:2 says "Chargebacks": say dispute',
    'contexts/x.ts:2 says "claw-back": say dispute',
  ])
})

test('a word with another meaning passes where it is allowed, and there alone', () => {
  expect(wordComplaints('contexts/x.ts', 'items.map(one)', GLOSSARY)).toEqual([])
  expect(wordComplaints('platform/auth/password.ts', 'two lanes', GLOSSARY)).toEqual([])
  expect(wordComplaints('platform/x.ts', 'two lanes', GLOSSARY)).toEqual(['platform/x.ts:1 says "lanes": say batcher'])
})

test.each([
  ['contexts/payment/x.ts', '// as the door makes it', '// the buyer’s bank'],
  ['platform/auth/x.ts', 'const gate = open()', '// a door'],
  ['contexts/booking/x.ts', 'const handlers = []', '// used at the door'],
])('%s: the real glossary refuses "%s" there', (file, refused, allowed) => {
  expect(wordComplaints(file, refused)).toHaveLength(1)
  if (!file.startsWith('platform/')) expect(wordComplaints(file, allowed)).toEqual([])
})

test('every allowance is for a word that the glossary refuses', () => {
  expect(idleAllowances()).toEqual([])
  expect(idleAllowances(GLOSSARY)).toContain('picture')
})
