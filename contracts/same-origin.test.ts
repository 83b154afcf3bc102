import { expect, test } from 'vitest'
import { sameOriginUrl } from './same-origin.ts'

const ORIGIN = 'http://localhost:3000'

test.each([
  ['/tickets', '/tickets'],
  ['/orders/bk_1?access=a%2Fb#top', '/orders/bk_1?access=a%2Fb#top'],
  ['/?email=a@b.test', '/?email=a@b.test'],
  ['/a/../tickets', '/tickets'],
  ['http://localhost:3000/checkout/bk_1/done?a=1#x', '/checkout/bk_1/done?a=1#x'],
  ['http://LOCALHOST:3000', '/'],
  ['/sök/für', '/s%C3%B6k/f%C3%BCr'],
])('%s stays', (given, path) => {
  const url = sameOriginUrl(ORIGIN, given)
  expect(url?.href).toBe(`${ORIGIN}${path}`)
  // Resolved once more, as a router does with the path alone, it still stays.
  expect(new URL(`${url?.pathname}${url?.search}${url?.hash}`, ORIGIN).origin).toBe(ORIGIN)
})

test.each([
  'https://localhost:3000/',
  'http://localhost:3001/',
  'http://localhost:3000.evil.test/',
  'http://localhost:3000@evil.test/',
  'http://user:secret@localhost:3000/',
  'http:\\\\evil.test',
  '//evil.test/',
  '//evil.test@localhost:3000/',
  '/\\evil.test/',
  '\\\\evil.test',
  '\t//evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r\n/evil.test',
  '\u0000//evil.test',
  '/%09/evil.test',
  '/%0a/evil.test',
  '/%0D/evil.test',
  '/%5cevil.test',
  '/%2f/evil.test',
  '/.//evil.test',
  '/..//evil.test',
  '/%2e//evil.test',
  '/%2E%2e//evil.test',
  '/a/..//evil.test',
  '/a/.././/evil.test',
  './/evil.test',
  '@evil.test//evil.test',
  '/@//evil.test',
  '/@/..//evil.test',
  'http://localhost:3000//evil.test',
  'http://localhost:3000/.//evil.test',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:http://localhost:3000/1',
  'http://',
])('%j leaves', (given) => {
  expect(sameOriginUrl(ORIGIN, given)).toBeNull()
})
