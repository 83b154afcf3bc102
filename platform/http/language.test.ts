import { expect, test } from 'vitest'
import { negotiateLanguage } from './language.ts'

const OFFERED = { languages: ['de', 'en', 'pt-BR', 'zh-Hant'], fallback: 'en' }

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['DE-at', 'de'],
  ['de-DE-1996-u-co-phonebk', 'de'],
  ['en-US,en;q=0.9,de;q=0.8', 'en'],
  ['en;q=0.5, de;q=0.9', 'de'],
  ['fr-CH, fr;q=0.9, de;q=0.4', 'de'],
  ['pt-br', 'pt-BR'],
  ['zh-Hant-TW', 'zh-Hant'],
  // Lookup drops subtags of what is asked for and adds none: a Portuguese reader has not asked for Brazilian.
  ['pt', 'en'],
  ['de;q=0, fr', 'en'],
  ['*', 'en'],
  ['fr', 'en'],
  ['de_DE', 'en'],
  ['x; q=";,', 'en'],
  ['not a tag, de', 'de'],
])('Accept-Language: %s gives %s', (header, language) => {
  expect(negotiateLanguage(OFFERED, { 'accept-language': header })).toBe(language)
})

test.each([
  ['de', 'de'],
  ['de-CH', 'de'],
  ['fr', 'en'],
  ['', 'en'],
  ['../de', 'en'],
  ['de\u0000', 'en'],
])('the tag %j comes before the header and gives %s', (asked, language) => {
  expect(negotiateLanguage(OFFERED, { 'accept-language': 'zh-Hant' }, asked)).toBe(language)
})

test('of a header only the first 500 characters and 20 ranges are looked at', () => {
  const after = (count: number, range: string): string =>
    negotiateLanguage(OFFERED, { 'accept-language': `${range}, `.repeat(count) + 'de' })
  expect([after(19, 'fr'), after(20, 'fr')]).toEqual(['de', 'en'])
  expect([after(4, 'x'.repeat(100)), after(5, 'x'.repeat(100))]).toEqual(['de', 'en'])
})
