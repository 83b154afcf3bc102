import { expect, test } from 'vitest'
import { agoText, dayKey, longWhen, shortWhen, spanText, timeOf } from './when.ts'

const EVENING = '2026-11-28T12:30:00.000Z'

test('dates are told in the zone of the venue', () => {
  expect(shortWhen(EVENING, 'Asia/Kolkata')).toBe('Sat 28 Nov, 18:00')
  expect(longWhen(EVENING, 'Asia/Kolkata')).toBe('Saturday 28 November, 18:00')
  expect(longWhen(EVENING, 'Asia/Kolkata', { with_year: true })).toBe('Saturday 28 November 2026, 18:00')
  expect(shortWhen(EVENING, 'America/New_York')).toBe('Sat 28 Nov, 07:30')
  expect(timeOf(EVENING, 'Australia/Sydney', { seconds: true })).toBe('23:30:00')
  expect(dayKey('2026-11-28T20:00:00.000Z', 'Asia/Tokyo')).toBe('2026-11-29')
})

test('midnight is 00:00 and September has three letters', () => {
  expect(shortWhen('2026-09-05T22:00:00.000Z', 'Europe/Berlin')).toBe('Sun 6 Sep, 00:00')
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
