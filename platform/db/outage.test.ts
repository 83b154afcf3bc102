import { expect, test } from 'vitest'
import { UnknownOutcomeError } from './db.ts'
import { isOutage } from './outage.ts'

const withCode = (code: string, cause?: unknown): Error => Object.assign(new Error(code, { cause }), { code })

test('errors that do not depend on the input are outages', () => {
  const codes = ['08006', '08P01', '53100', '53200', '53300', '57014', '57P01', '57P02', '57P03', '57P05', '58030']
  for (const code of [
    ...codes,
    '40001',
    '40P01',
    '55P03',
    '25006',
    '25P03',
    'ECONNREFUSED',
    'ETIMEDOUT',
    'ENETUNREACH',
  ])
    expect([code, isOutage(withCode(code))]).toEqual([code, true])
  expect(isOutage(new UnknownOutcomeError('no answer'))).toBe(true)
  expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isOutage(new Error('timeout exceeded when trying to connect'))).toBe(true)
  expect(isOutage(new Error('Query read timeout'))).toBe(true)
  expect(isOutage(Object.assign(new Error('no answer in 3000 ms'), { name: 'RpcUnavailableError' }))).toBe(true)
})

test('a failure caused by an outage is one; an error in the input is none, however it is wrapped', () => {
  expect(isOutage(new Error('could not open', { cause: withCode('53300') }))).toBe(true)
  for (const code of ['23505', '23514', '22P02', '42P01', 'P0001', 'TS001', 'ERR_INVALID_ARG_TYPE'])
    expect([code, isOutage(withCode(code, withCode('23503')))]).toEqual([code, false])
  expect(isOutage(new TypeError('payload.seats is not iterable'))).toBe(false)
  expect(isOutage('a string')).toBe(false)
})
