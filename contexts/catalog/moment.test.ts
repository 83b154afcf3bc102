import type { FieldError } from '@tessera/contracts/problems'
import { expect, test } from 'vitest'
import { localDate, readMoment } from './moment.ts'
import { readTimes } from './performance-times.ts'

const read = (text: string) => {
  const field_errors: FieldError[] = []
  return readMoment(field_errors, '/t', text) ?? field_errors
}
const times = (start_time: string, end_time: string, doors_time?: string) => {
  const field_errors: FieldError[] = []
  const found = readTimes(field_errors, { start_time, end_time, ...(doors_time === undefined ? {} : { doors_time }) })
  return field_errors.length > 0 ? field_errors.map((one) => one.pointer) : found
}

test('any offset becomes UTC; times that do not exist are refused', () => {
  expect(read('2026-11-20T20:00:00+01:00')).toBe('2026-11-20T19:00:00.000Z')
  expect(read('2026-11-20T20:00:00-05:30')).toBe('2026-11-21T01:30:00.000Z')
  for (const text of ['9999-12-31T23:59:59Z', '1999-12-31T23:59:59Z', '2100-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
    expect(read(text)).toMatchObject([{ pointer: '/t' }])
  }
  expect(read('2026-12-31T23:59:60Z')).toMatchObject([{ pointer: '/t' }])
})

test('when clocks go back, instants are compared, not local times', () => {
  // 01:30 summer time to 01:15 winter time: 45 minutes, although the local time goes back.
  expect(times('2026-11-01T01:30:00-04:00', '2026-11-01T01:15:00-05:00')).toMatchObject({
    start_time: '2026-11-01T05:30:00.000Z',
    end_time: '2026-11-01T06:15:00.000Z',
  })
  expect(times('2026-11-01T01:30:00-05:00', '2026-11-01T01:45:00-04:00')).toEqual(['/end_time'])
})

test("when clocks go forward, and days by the venue's local time", () => {
  expect(times('2027-03-28T01:30:00+01:00', '2027-03-28T03:15:00+02:00')).toMatchObject({
    end_time: '2027-03-28T01:15:00.000Z',
  })
  expect(localDate('2027-03-27T23:30:00.000Z', 'Europe/Berlin')).toBe('2027-03-28')
  expect(localDate('2026-10-24T22:30:00.000Z', 'Europe/Berlin')).toBe('2026-10-25')
  expect(localDate('2026-10-25T22:30:00.000Z', 'Europe/Berlin')).toBe('2026-10-25')
  expect(localDate('2026-11-20T10:30:00.000Z', 'Pacific/Kiritimati')).toBe('2026-11-21')
  expect(localDate('2026-11-20T10:30:00.000Z', 'Pacific/Niue')).toBe('2026-11-19')
})

test('ends after the start, doors before it, and no longer than a year', () => {
  expect(times('2026-11-20T20:00:00Z', '2026-11-20T20:00:00Z')).toEqual(['/end_time'])
  expect(times('2026-11-20T20:00:00Z', '2026-11-20T22:00:00Z', '2026-11-20T20:00:01Z')).toEqual(['/doors_time'])
  expect(times('2026-11-20T20:00:00Z', '2026-11-20T22:00:00Z', '2026-11-20T20:00:00Z')).toMatchObject({
    doors_time: '2026-11-20T20:00:00.000Z',
  })
  expect(times('2026-01-01T20:00:00Z', '2027-02-01T22:00:00Z')).toEqual(['/end_time'])
  expect(times('9999-01-01T20:00:00Z', '2026-12-01T22:00:00Z')).toEqual(['/start_time'])
})
