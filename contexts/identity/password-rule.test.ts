import { expect, test } from 'vitest'
import { passwordError } from './password-rule.ts'

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
