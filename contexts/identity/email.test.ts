import { expect, test } from 'vitest'
import { normaliseEmail } from './email.ts'

test.each([
  [' Mara@Example.TEST ', 'mara@example.test'],
  ["o'brien+tickets@sub.example.co.uk", "o'brien+tickets@sub.example.co.uk"],
  ['Müller@exÄmple.de', 'müller@exämple.de'],
  ['mu\u0308ller@example.de', 'müller@example.de'],
  ['someone@xn--exmple-cua.de', 'someone@exämple.de'],
  ['用户@例子.公司', '用户@例子.公司'],
  ['a_b-c%d!e@example.test', 'a_b-c%d!e@example.test'],
])('%s is %s', (typed, normal) => {
  expect(normaliseEmail(typed)).toBe(normal)
})

test.each([
  '',
  '@',
  'plain',
  'a@b',
  'a@@example.test',
  'a b@example.test',
  '.a@example.test',
  'a.@example.test',
  'a..b@example.test',
  'a@example..test',
  'a@-.test',
  'a@b-.test',
  'a@127.0.0.1',
  'a@exam%70le.test',
  'a@[::1]',
  'a@example.test\r\nBcc: b@example.test',
  'a\0@example.test',
  'a\u202e@example.test',
  'a\u200b@example.test',
  'a\ud800@example.test',
  '"a b"@example.test',
  'a,b@example.test',
  '<a@example.test>',
  `${'a'.repeat(65)}@example.test`,
  `a@${'b'.repeat(64)}.test`,
  `a@${'abcdefgh.'.repeat(30)}test`,
])('%j is no address', (typed) => {
  expect(normaliseEmail(typed)).toBeUndefined()
})

test('normalising a normalised address changes nothing', () => {
  for (const typed of ['İstanbul@example.test', 'STRASSE@exaMPLE.test', 'ﬁ@example.test']) {
    const once = normaliseEmail(typed)
    if (once !== undefined) expect(normaliseEmail(once)).toBe(once)
  }
})

test('a hostile length costs no time', () => {
  const started_ms = performance.now()
  expect(normaliseEmail(`${'a.'.repeat(50_000)}@${'a.'.repeat(50_000)}`)).toBeUndefined()
  expect(performance.now() - started_ms).toBeLessThan(200)
})
