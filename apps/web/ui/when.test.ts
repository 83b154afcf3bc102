import { expect, test } from 'vitest'
import {
  agoText,
  dayAndMonth,
  dayKey,
  isWithinWeek,
  longDay,
  longWhen,
  shortWhen,
  soonWhen,
  spanText,
  timeOf,
  untilWhen,
} from './when.ts'

const EVENING = '2026-11-28T12:30:00.000Z'
const NOW = Date.parse('2026-11-20T10:00:00.000Z')

test('dates are told in the zone of the venue', () => {
  expect(shortWhen(EVENING, 'Asia/Kolkata', NOW)).toBe('Sat 28 Nov, 18:00')
  expect(longWhen(EVENING, 'Asia/Kolkata', NOW)).toBe('Saturday 28 November, 18:00')
  expect(shortWhen(EVENING, 'America/New_York', NOW)).toBe('Sat 28 Nov, 07:30')
  expect(timeOf(EVENING, 'Australia/Sydney', { seconds: true })).toBe('23:30:00')
  expect(dayKey('2026-11-28T20:00:00.000Z', 'Asia/Tokyo')).toBe('2026-11-29')
})

test('midnight is 00:00 and September has three letters', () => {
  expect(shortWhen('2026-09-05T22:00:00.000Z', 'Europe/Berlin', NOW)).toBe('Sun 6 Sep, 00:00')
})

test('the year is said where it is another one or more than half a year away', () => {
  const far = '2028-02-03T16:49:00.000Z'
  expect(shortWhen(far, 'Europe/Vienna', NOW)).toBe('Thu 3 Feb 2028, 17:49')
  expect(longWhen(far, 'Europe/Vienna', NOW)).toBe('Thursday 3 February 2028, 17:49')
  expect(longDay(far, 'Europe/Vienna', NOW)).toBe('Thursday 3 February 2028')
  expect(dayAndMonth(far, 'Europe/Vienna', NOW)).toBe('3 February 2028')
  expect(shortWhen('2027-01-02T19:00:00.000Z', 'Europe/Vienna', NOW)).toBe('Sat 2 Jan 2027, 20:00')
  expect(shortWhen('2026-12-05T19:00:00.000Z', 'Europe/Vienna', Date.parse('2026-01-10T00:00:00.000Z'))).toBe(
    'Sat 5 Dec 2026, 20:00',
  )
})

test('the year is that of the zone', () => {
  const midnight = '2026-12-31T23:30:00.000Z'
  expect(shortWhen(midnight, 'Europe/Vienna', NOW)).toBe('Fri 1 Jan 2027, 00:30')
  expect(shortWhen(midnight, 'UTC', NOW)).toBe('Thu 31 Dec, 23:30')
  expect(shortWhen(midnight, 'Europe/Vienna', Date.parse('2026-12-31T23:10:00.000Z'))).toBe('Fri 1 Jan, 00:30')
})

test('a weekday alone names a day of the coming week only', () => {
  expect(soonWhen('2026-11-25T09:00:00.000Z', 'UTC', NOW)).toBe('Wed 09:00')
  expect(soonWhen('2026-11-25T09:00:00.000Z', 'UTC', NOW, 'long')).toBe('Wednesday 09:00')
  expect(soonWhen('2026-12-25T09:00:00.000Z', 'UTC', NOW)).toBe('Fri 25 Dec, 09:00')
  expect(soonWhen('2026-12-25T09:00:00.000Z', 'UTC', NOW, 'long')).toBe('Friday 25 December, 09:00')
  expect(isWithinWeek('2026-11-27T11:00:00.000Z', NOW)).toBe(false)
})

test('an end on another day is said; midnight belongs to the evening before', () => {
  const until = (end_time: string) =>
    untilWhen({ start_time: '2026-11-30T09:00:00.000Z', end_time }, 'Europe/Vienna', NOW)
  expect(until('2027-01-29T17:00:00.000Z')).toBe(' – Fri 29 Jan 2027, 18:00')
  expect(until('2026-12-01T03:00:00.000Z')).toBe(' – Tue 1 Dec, 04:00')
  expect(until('2026-11-30T23:00:00.000Z')).toBe('')
  expect(until('2026-11-30T20:00:00.000Z')).toBe('')
})

test('spans grow from minutes to days and never go below zero', () => {
  expect(spanText(278_000)).toBe('4:38')
  expect(spanText(63_728_000)).toBe('17:42:08')
  expect(spanText(86_400_000 + 5_000)).toBe('1 day, 00:00:05')
  expect(spanText(-5)).toBe('0:00')
})

test('what is past is told roughly', () => {
  expect(agoText(20_000)).toBe('just now')
  expect(agoText(14 * 60_000)).toBe('14 minutes ago')
  expect(agoText(3 * 3_600_000)).toBe('3 hours ago')
})
