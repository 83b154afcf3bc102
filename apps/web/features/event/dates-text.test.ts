import { expect, test } from 'vitest'
import { datesText } from './dates-text.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const start_time = '2026-11-30T09:00:00.000Z'
const text = (end_time: string, dates = 1) => datesText(dates, { start_time, end_time }, 'Europe/Vienna', NOW)

test('what runs for days is until its last day, and only an evening is one night', () => {
  expect(text('2026-12-29T17:00:00.000Z')).toBe('until 29 December')
  expect(text('2027-01-29T23:00:00.000Z')).toBe('until 29 January 2027')
  expect(text('2026-12-01T03:00:00.000Z')).toBe('one night')
  expect(text('2026-11-30T20:00:00.000Z', 3)).toBe('3 dates')
})
