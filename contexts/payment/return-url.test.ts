import { expect, test } from 'vitest'
import { returnUrl } from './return-url.ts'

const ORIGIN = 'http://localhost:3000'

test.each([
  ['http://localhost:3000/checkout/bk_1/done?a=1#x', 'http://localhost:3000/checkout/bk_1/done?a=1#x'],
  ['/checkout/bk_1/done', 'http://localhost:3000/checkout/bk_1/done'],
  ['http://LOCALHOST:3000', 'http://localhost:3000/'],
])('%s is ours', (given, url) => {
  expect(returnUrl(ORIGIN, given)).toBe(url)
})

test.each([
  'https://localhost:3000/',
  'http://localhost:3001/',
  'http://localhost:3000.evil.test/',
  'http://localhost:3000@evil.test/',
  'http://user:secret@localhost:3000/',
  '//evil.test/',
  '/\\evil.test/',
  'javascript:alert(1)',
  'data:text/html,x',
  'http://',
])('%s is not', (given) => {
  expect(returnUrl(ORIGIN, given)).toBeNull()
})
